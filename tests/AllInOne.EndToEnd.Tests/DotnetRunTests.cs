using System.Diagnostics;
using System.Runtime.Versioning;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests;

/// <summary><c>dotnet run --project src/AllInOne.Server</c>, as described in the README.</summary>
public sealed class DotnetRunTests : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif
    private readonly TemporaryDirectory _here = new();

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task A_relative_data_directory_counts_from_where_the_command_was_called()
    {
        var start = new ProcessStartInfo("dotnet", [
            "run", "--no-build", "-c", Configuration, "--project", ServerProcess.SourceDirectory, "--",
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

    [Theory]
    [InlineData(null, "npm was not found or cannot run.")]
    [InlineData("exit 127", "npm was not found or cannot run.")]
    [InlineData("echo 6.14.8", "npm 6.14.8 is too old.")]
    [UnsupportedOSPlatform("windows")]
    public async Task A_build_without_a_suitable_npm_says_what_to_install(string? npm, string expected)
    {
        // The path has only the programs that the build step itself requires.
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        File.CreateSymbolicLink(_here["sh"], "/bin/sh");
        if (npm is not null)
        {
            await File.WriteAllTextAsync(_here["npm"], $"#!/bin/sh\n{npm}\n");
            File.SetUnixFileMode(_here["npm"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(dotnet, [
            "msbuild", ServerProcess.SourceDirectory, "-nologo", "-nodeReuse:false", "-target:InstallNodeModules",
            $"-property:NodeModules={_here["modules"]}/"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = _here.Path;
        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();

        Assert.Equal(1, build.ExitCode);
        Assert.Contains($"error : {expected}", output, StringComparison.Ordinal);
        Assert.Contains("install Node 18 or later with npm", output, StringComparison.Ordinal);
    }
}
