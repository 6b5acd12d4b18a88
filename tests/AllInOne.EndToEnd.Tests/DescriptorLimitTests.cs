using System.Diagnostics;
using AllInOne.EndToEnd.Tests.Running;

namespace AllInOne.EndToEnd.Tests;

/// <summary>A process that may open too few files says so before it does anything else.</summary>
public sealed class DescriptorLimitTests
{
    [Theory]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(240)]
    public async Task A_limit_that_is_too_low_is_one_line_with_the_number_needed_and_exit_code_2(int limit)
    {
        var server = ServerProcess.HowToStart("config", "check");
        var start = new ProcessStartInfo("sh", ["-c", $"ulimit -n {limit}; exec \"$@\"", "sh", server.FileName, .. server.ArgumentList])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        Assert.Equal((2, ""), (process.ExitCode, await output));
        Assert.StartsWith($"AllInOne: this process may open {limit} files, and needs 300 ", Assert.Single((await error).TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
