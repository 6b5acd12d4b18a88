using AllInOne.Server.Cli;
using AllInOne.Server.Hosting;

namespace AllInOne.Server.Tests.Cli;

public sealed class CrontabCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_dry_run_shows_the_jobs_and_what_is_left_out_and_needs_no_server()
    {
        await File.WriteAllTextAsync(_directory["crontab"], "# nightly\n0 3 * * * /opt/backup.sh\n@reboot true\n0 0 1 jan/3 * true\n");
        var (code, output, error) = await RunAsync("crontab", "import", _directory["crontab"], "--dry-run");

        Assert.Equal(1, code);
        Assert.Contains("line 2: PUT /api/jobs/backup.sh", output, StringComparison.Ordinal);
        Assert.Contains("\"cron\": \"0 3 * * *\"", output, StringComparison.Ordinal);
        Assert.StartsWith("AllInOne: line 3 is left out", error, StringComparison.Ordinal);
        Assert.Contains("line 4 is left out: it has times that cron does not take, '0 0 1 jan/3 *'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_server_or_file_is_reported()
    {
        await File.WriteAllTextAsync(_directory["crontab"], "0 3 * * * true\n");
        var (code, _, error) = await RunAsync("crontab", "import", _directory["crontab"], "--data", _directory.Path);
        Assert.Equal(2, code);
        Assert.Contains("no server runs", error, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("crontab", "import", _directory["none"], "--dry-run")).Code);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_server_that_runs_programs_is_not_warned_of(string enabled)
    {
        using var server = new TestServer { Keys = { ["Jobs:Commands:Enabled"] = enabled } };
        await server.InitializeAsync();
        using var address = ServerAddress.Write(_directory.Path, server.Server.Urls);
        await File.WriteAllTextAsync(_directory["crontab"], "*/60 3 * * * true\n");
        var (code, output, error) = await RunAsync("crontab", "import", _directory["crontab"], "--data", _directory.Path);
        await server.DisposeAsync();

        Assert.Equal((0, "line 1 is the job true"), (code, output.Trim()));
        Assert.Contains("note: line 1 has the minute '*/60'", error, StringComparison.Ordinal);
        Assert.Equal(enabled == "false", error.Contains("Jobs:Commands:Enabled", StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
