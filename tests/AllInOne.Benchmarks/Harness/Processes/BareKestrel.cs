using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace AllInOne.Benchmarks.Harness.Processes;

/// <summary>The peer of all benchmarks over HTTP: Kestrel and one handler, without anything between them.</summary>
internal static class BareKestrel
{
    public const string Name = "bare Kestrel";

    private const int Backlog = 4096;

    /// <summary>Serves until its process is killed; its only reading is the port.</summary>
    public static IEnumerable<Reading> Serve(RequestDelegate handler)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.Backlog = Backlog).ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(handler);
        app.Start();
        yield return new Reading(PeerServer.PortKey, new Uri(app.Urls.Single()).Port);
        app.WaitForShutdown();
    }
}
