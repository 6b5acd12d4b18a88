using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Http;

public sealed class ClientGoneTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Theory]
    [InlineData("Content-Length: 1000\r\n\r\n{")]
    [InlineData("Content-Length: 1000\r\nContent-Encoding: gzip\r\n\r\n{")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n400\r\n{")]
    public async Task A_reset_while_the_body_comes_is_499_in_the_log_and_no_error(string rest)
    {
        using (var client = new TcpClient { LingerState = new LingerOption(true, 0) })
        {
            await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT /api/held HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{rest}"));
            await server.BodyIsRead.WaitAsync();
        }

        var line = await server.Log.LineWith("PUT /api/held");
        Assert.Contains(" 499 ", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.Lines, each => each.Level >= LogLevel.Warning);
    }
}
