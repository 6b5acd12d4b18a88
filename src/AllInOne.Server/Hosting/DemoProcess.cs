using System.Diagnostics;
using System.Net;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The demo home of <c>--demo</c>: the same executable with <c>simulate</c>, as a child process. It ends when its standard input
/// ends, which happens when this process ends, however it does.
/// </summary>
internal sealed class DemoProcess : IDisposable
{
    private readonly Process _child;

    private DemoProcess(Process child) => _child = child;

    /// <param name="feed">Where the XML feed listens.</param>
    public static DemoProcess Start(IPEndPoint feed)
    {
        // `dotnet AllInOne.Server.dll` runs in the dotnet host; everything else is an executable of our own.
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("The process has no path.");
        var start = new ProcessStartInfo(host) { RedirectStandardInput = true, UseShellExecute = false };
        if (string.Equals(Path.GetFileNameWithoutExtension(host), "dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AllInOne.Server.dll"));
        }

        foreach (var argument in (string[])["simulate", "--to", feed.ToString(), "--parent-pipe"])
        {
            start.ArgumentList.Add(argument);
        }

        return new DemoProcess(Process.Start(start) ?? throw new InvalidOperationException("The demo home did not start."));
    }

    /// <summary>Ends the child's input, and with it the child.</summary>
    public void Dispose()
    {
        _child.StandardInput.Close();
        _child.Dispose();
    }
}
