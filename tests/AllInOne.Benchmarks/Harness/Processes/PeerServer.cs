using System.Diagnostics;
using System.Globalization;

namespace AllInOne.Benchmarks.Harness.Processes;

/// <summary>A probe of this program that serves on a port, in a separate process. Its disposal kills the process.</summary>
internal sealed class PeerServer : IDisposable
{
    /// <summary>The only reading of such a probe.</summary>
    public const string PortKey = "port";

    private readonly Process _process;

    public PeerServer(string probe)
    {
        _process = Process.Start(ProbeProcess.Own(probe))!;
        Port = int.Parse(_process.StandardOutput.ReadLine()!.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    public int Id => _process.Id;

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
