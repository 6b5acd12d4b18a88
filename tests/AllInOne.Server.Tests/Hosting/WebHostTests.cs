using System.Net;
using System.Net.Sockets;
using AllInOne.Server.Configuration;
using AllInOne.Server.Hosting;
using AllInOne.Server.Http.Site;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Server.Tests.Hosting;

public sealed class WebHostTests
{
    [Fact]
    public async Task A_step_of_the_stop_that_throws_skips_no_other_step()
    {
        var clock = new FakeClock();
        var host = WebHost.Build(
            ListenUrls.Parse("http://127.0.0.1:0"), new HttpOptions(), NullLoggerFactory.Instance, new SiteFiles(),
            (_, ending) => ending.UnsafeRegister(_ => throw new IOException("It cannot end."), null), clock: clock);
        await host.StartAsync();
        var port = host.Urls.Single().Port;

        await Assert.ThrowsAsync<AggregateException>(() => host.DisposeAsync().AsTask());

        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port));
        Assert.Equal(0, clock.RunningTimers);
    }
}
