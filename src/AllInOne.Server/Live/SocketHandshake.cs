using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AllInOne.Server.Live;

/// <summary>
/// The answer 101 to a WebSocket request (RFC 6455, 4.2.2). The framework's own answer wraps the connection so that each broken frame resets it,
/// and the reset can overtake the close frame.
/// </summary>
internal static class SocketHandshake
{
    private const string Suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <param name="context">A request that <see cref="WebSocketManager.IsWebSocketRequest"/> has accepted.</param>
    public static async Task<SocketStream> AcceptAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Connection = HeaderNames.Upgrade;
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());
        return new SocketStream(await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync(), context);
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The protocol prescribes SHA-1. It is no secret.")]
    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key.Trim() + Suffix)));
}
