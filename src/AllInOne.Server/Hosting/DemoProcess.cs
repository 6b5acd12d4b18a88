using System.Diagnostics;
using System.Net;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The demo home of <c>--demo</c>: the same executable with <c>simulate</c>, as a child process. It exits when its standard input is closed. This
/// also happens when this process is killed.
/// </summary>
internal sealed class DemoProcess : IDisposable
{
    private readonly Process _child;

    private DemoProcess(Process child) => _child = child;

    /// <param name="feed">The address of the XML feed.</param>
    public static DemoProcess Start(IPEndPoint feed)
    {
        // `dotnet AllInOne.Server.dll` runs in the dotnet host; every other form is our own executable.
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

    /// <summary>Closes the child's input, so the child exits.</summary>
    public void Dispose()
    {
        _child.StandardInput.Close();
        _child.Dispose();
    }
}
