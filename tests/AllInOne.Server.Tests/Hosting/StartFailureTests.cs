using System.Net;
using System.Net.Sockets;
using AllInOne.Core.Storage;
using AllInOne.Server.Cli;
using Microsoft.Data.Sqlite;

namespace AllInOne.Server.Tests.Hosting;

/// <summary>If something that the configuration names is not available, the start fails with one line and exit code 2.</summary>
public sealed class StartFailureTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_port_of_the_web_host_in_use()
    {
        using var other = Listen();

        await RefusesAsync("AllInOne: Urls: ", other, $"--urls=http://{other.LocalEndpoint}");
    }

    [Fact]
    public async Task A_port_of_the_feed_in_use()
    {
        using var other = Listen();

        await RefusesAsync("AllInOne: Feeds:Xml:Listen: ", other, $"--Feeds:Xml:Listen={other.LocalEndpoint}");
    }

    [Fact]
    public async Task A_data_directory_that_another_server_holds()
    {
        using var held = DataDirectory.Claim(_data.Path);

        await RefusesAsync("AllInOne: Data:Directory: ", _data.Path);
    }

    [Fact]
    public async Task A_data_directory_that_is_a_file()
    {
        File.WriteAllText(_data["file"], "");

        await RefusesAsync("AllInOne: Data:Directory: ", _data["file"], $"--data={_data["file"]}");
    }

    [Fact]
    public async Task A_file_that_is_no_database()
    {
        File.WriteAllText(_data["history.db"], "this is no database at all, however long one looks at it");

        await RefusesAsync("AllInOne: ", _data["history.db"]);
    }

    [Theory]
    [InlineData("history.db", "allinone.db")]
    [InlineData("allinone.db", "history.db")]
    public async Task A_database_of_a_newer_version_stops_the_start_before_any_other_file_is_made(string newer, string other)
    {
        Newer(newer);

        await RefusesAsync("AllInOne: ", $"{_data[newer]} has schema version 99");
        Assert.False(File.Exists(_data[other]));
    }

    private void Newer(string name)
    {
        using var connection = new SqliteConnection($"Data Source={_data[name]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version = 99";
        command.ExecuteNonQuery();
    }

    /// <param name="beginning">The beginning of the line on the error stream.</param>
    /// <param name="named">The text that the line must contain.</param>
    /// <param name="args">Arguments in addition to those of a start that would succeed.</param>
    private async Task RefusesAsync(string beginning, object named, params string[] args)
    {
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            ["--data", _data.Path, "--urls", "http://127.0.0.1:0", "--Feeds:Xml:Listen=127.0.0.1:0", "--Serilog:MinimumLevel:Default=Fatal", .. args],
            TextWriter.Null, error);

        var line = Assert.Single(error.ToString().Trim().Split('\n'));
        Assert.StartsWith(beginning, line, StringComparison.Ordinal);
        Assert.Contains(named is TcpListener listener ? listener.LocalEndpoint.ToString()! : named.ToString()!, line, StringComparison.Ordinal);
        Assert.Equal(2, code);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
