using System.Diagnostics;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests;

/// <summary><c>dotnet run --project src/AllInOne.Server</c>, as the README says it.</summary>
public sealed class DotnetRunTests : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif
#if AKKA
    private const string Runtime = "Akka";
#else
    private const string Runtime = "Bundled";
#endif
    private readonly TemporaryDirectory _here = new();

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task A_relative_data_directory_counts_from_where_the_command_was_called()
    {
        var start = new ProcessStartInfo("dotnet", [
            "run", "--no-build", "-c", Configuration, $"-p:ActorRuntime={Runtime}", "--project", ServerProcess.SourceDirectory, "--",
            "config", "check", "--data", "./data"])
        {
            WorkingDirectory = _here.Path,
            RedirectStandardOutput = true,
        };
        using var run = Process.Start(start)!;
        var output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith($"data in {Path.Combine(_here.Path, "data")}", output.TrimEnd(), StringComparison.Ordinal);
    }
}
