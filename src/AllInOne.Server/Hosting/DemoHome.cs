using System.Diagnostics;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The demo home of <c>--demo</c>: the same executable with <c>simulate</c>, as a child process. It ends when its standard input
/// ends, which happens when this process ends, however it does.
/// </summary>
internal sealed class DemoHome : IDisposable
{
    private readonly Process _child;

    private DemoHome(Process child) => _child = child;

    /// <param name="arguments">What follows <c>simulate</c>.</param>
    public static DemoHome Start(IEnumerable<string> arguments)
    {
        // `dotnet AllInOne.Server.dll` runs in the dotnet host; everything else is an executable of our own.
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("The process has no path.");
        var start = new ProcessStartInfo(host) { RedirectStandardInput = true, UseShellExecute = false };
        if (string.Equals(Path.GetFileNameWithoutExtension(host), "dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AllInOne.Server.dll"));
        }

        start.ArgumentList.Add("simulate");
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new DemoHome(Process.Start(start) ?? throw new InvalidOperationException("The demo home did not start."));
    }

    /// <summary>Ends the child's input, and with it the child.</summary>
    public void Dispose()
    {
        _child.StandardInput.Close();
        _child.Dispose();
    }
}
