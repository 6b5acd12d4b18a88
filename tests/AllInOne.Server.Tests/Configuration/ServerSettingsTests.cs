using AllInOne.Server.Configuration;
using AllInOne.Server.Configuration.Keys;
using Microsoft.Extensions.Configuration;

namespace AllInOne.Server.Tests.Configuration;

public sealed class ServerSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allinone-settings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_shipped_file_is_right_and_binds()
    {
        var settings = ServerSettings.Load(AppContext.BaseDirectory, NoEnvironment, []);

        Assert.Empty(settings.Problems);
        Assert.Equal(AuthMode.None, settings.Options.Auth.Mode);
        Assert.Equal("data", settings.Options.Data.Directory);
        Assert.Equal([ListenUrls.Default], settings.Urls.Select(url => url.ToString()));
        Assert.Equal(new HttpOptions().MaxBodyBytes, settings.Options.Http.MaxBodyBytes);
        Assert.Equal(new HttpOptions().DrainTimeout, settings.Options.Http.DrainTimeout);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        WriteFile("""{"Auth": {"Mode": "none"}, "Data": {"Directory": "file"}, "Http": {"MaxBodyBytes": 2000}, "Urls": "http://127.0.0.1:1"}""");

        var settings = Load(
            new() { ["ALLINONE__Http__MaxBodyBytes"] = "3000", ["ALLINONE__Data__Directory"] = "environment" },
            "--data=line", "--Data:Directory=last");

        Assert.Empty(settings.Problems);
        Assert.Equal("last", settings.Options.Data.Directory);
        Assert.Equal(3000, settings.Options.Http.MaxBodyBytes);
        Assert.Equal(["http://127.0.0.1:1"], settings.Urls.Select(url => url.ToString()));
    }

    [Theory]
    [InlineData("--Auht:Mode=none", "Auht:Mode (command line): there is no such key; did you mean Auth:Mode?")]
    [InlineData("--Http:MaxBodyByte=1", "Http:MaxBodyByte (command line): there is no such key; did you mean Http:MaxBodyBytes?")]
    [InlineData("--Elsewhere:Entirely:Different=1", "Elsewhere:Entirely:Different (command line): there is no such key")]
    [InlineData("--Http:MaxBodyBytes:Deep=1", "Http:MaxBodyBytes:Deep (command line): there is no such key; did you mean Http:MaxBodyBytes?")]
    [InlineData("--Http:MaxBodyBytes=many", "Http:MaxBodyBytes (command line) must be a whole number from -2147483648 to 2147483647")]
    [InlineData("--Http:MaxBodyBytes=", "Http:MaxBodyBytes (command line) must be a whole number from -2147483648 to 2147483647")]
    [InlineData("--Http:DrainTimeout=5", "Http:DrainTimeout (command line) must be 0 or a duration such as 00:00:30, 00:00:00.250, 36:00:00 (36 hours) or 30.00:00:00 (30 days)")]
    [InlineData("--Auth:Mode=1", "Auth:Mode (command line) must be one of users, none")]
    [InlineData("--Faults:Enabled=perhaps", "Faults:Enabled (command line) must be true or false")]
    [InlineData("--State:Publish:first=a", "State:Publish:first (command line): there is no such key; did you mean State:Publish?")]
    [InlineData("--State:Publish=a", "State:Publish (command line) is a list: set State:Publish:0, State:Publish:1 and so on")]
    [InlineData("--Serilog:MinimumLevel:Default=Loud",
        "Serilog:MinimumLevel:Default (command line) must be one of verbose, debug, information, warning, error, fatal")]
    [InlineData("--Serilog:MinimumLevel:Override:Microsoft=Loud",
        "Serilog:MinimumLevel:Override:Microsoft (command line) must be one of verbose, debug, information, warning, error, fatal")]
    public void A_wrong_key_or_value_is_one_line_that_names_it(string argument, string line) =>
        Assert.Equal(line, Assert.Single(Load([], argument).Problems));

    [Theory]
    [InlineData("--State:Publish:0=cart:")]
    [InlineData("--State:WriteInterval=00:00:00.050")]
    [InlineData("--State:MaxBytes=1000000")]
    [InlineData("--Feeds:Xml:Listen=127.0.0.1:7071")]
    [InlineData("--Storage:BatchRows=100")]
    [InlineData("--Supervision:Window=00:00:10")]
    [InlineData("--Faults:Enabled=TRUE")]
    [InlineData("--Auth:AdminPassword=secret")]
    [InlineData("--Serilog:MinimumLevel:Override:AllInOne.Server.Http=Debug")]
    [InlineData("--http:maxbodybytes=5000")]
    public void Every_key_of_the_contract_is_known(string argument)
    {
        WriteFile("""{"Auth": {"Mode": "none"}}""");

        Assert.Empty(Load([], argument).Problems);
    }

    [Theory]
    [InlineData("--Auth:Mode=users", "Auth:Mode is users")]
    [InlineData("--Http:MaxBodyBytes=10", "Http:MaxBodyBytes is 10; it takes 1024 or more")]
    [InlineData("--Http:DrainTimeout=01:00:00", "Http:DrainTimeout is 01:00:00; it takes 00:00:00 to 00:05:00")]
    [InlineData("--Http:SlowWriteTimeout=00:00:00", "Http:SlowWriteTimeout is 00:00:00; it takes 00:00:00.100 to 00:10:00")]
    [InlineData("--Http:SlowWriteTimeout=00:10:01", "Http:SlowWriteTimeout is 00:10:01; it takes 00:00:00.100 to 00:10:00")]
    [InlineData("--urls=http://0.0.0.0:8080", "Urls: 'http://0.0.0.0:8080' can be reached from other machines")]
    [InlineData("--urls=http://*:8080", "Urls: 'http://*:8080' can be reached from other machines")]
    [InlineData("--urls=http://[::]:8080", "Urls: 'http://[::]:8080' can be reached from other machines")]
    [InlineData("--urls=http://example.org", "Urls: 'http://example.org' can be reached from other machines")]
    [InlineData("--urls=https://127.0.0.1:1", "Urls: 'https://127.0.0.1:1' must begin with http://")]
    [InlineData("--urls=127.0.0.1:1", "Urls: '127.0.0.1:1'")]
    [InlineData("--urls=http://localhost:0", "Urls: 'http://localhost:0': a free port (0) needs an address")]
    [InlineData("--urls=http://127.0.0.1:70000", "Urls: 'http://127.0.0.1:70000' has a port out of range")]
    [InlineData("--urls=http://127.0.0.1:1/base", "Urls: 'http://127.0.0.1:1/base' must not have a path")]
    [InlineData("--urls=http://unix:/tmp/x", "Urls: 'http://unix:/tmp/x' is no TCP address")]
    [InlineData("--urls=;", "Urls names no address")]
    public void An_impossible_value_is_one_line_that_names_its_key(string argument, string beginning)
    {
        WriteFile("""{"Auth": {"Mode": "none"}}""");

        Assert.StartsWith(beginning, Assert.Single(Load([], argument).Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[::1")]
    [InlineData("[127.0.0.1]")]
    [InlineData("::1]")]
    [InlineData("::1")]
    [InlineData("[[::1]]")]
    [InlineData("]127.0.0.1[")]
    [InlineData("[0x7f.1]")]
    [InlineData("[2130706433]")]
    [InlineData("0x7f.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("127.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.0.0.01")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::1%1]")]
    [InlineData("[fe80::1%lo]")]
    [InlineData("localhost.")]
    [InlineData("user@127.0.0.1")]
    [InlineData("127.0.0.1 ")]
    [InlineData(" 127.0.0.1")]
    [InlineData("１27.0.0.1")]
    [InlineData("")]
    public void An_address_in_another_form_is_refused_for_http_and_for_the_feed(string host)
    {
        WriteFile("""{"Auth": {"Mode": "none"}}""");

        Assert.StartsWith($"Urls: 'http://{host}:5000' ", Assert.Single(Load([], $"--urls=http://{host}:5000").Problems), StringComparison.Ordinal);
        Assert.StartsWith("Urls: ", Assert.Single(Load([], $"--urls=http://127.0.0.1:5000;http://{host}:5000").Problems), StringComparison.Ordinal);
        if (host.Trim() == host)
        {
            Assert.StartsWith("Feeds:Xml:Listen", Assert.Single(Load([], $"--Feeds:Xml:Listen={host}:7070").Problems), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:")]
    [InlineData("http://127.0.0.1:+5")]
    [InlineData("http://127.0.0.1:5x")]
    [InlineData("http://127.0.0.1:0x50")]
    [InlineData("http://[::1]5000")]
    [InlineData("http://[::1]:5:6")]
    [InlineData("http://127.0.0.1:1?x")]
    [InlineData("http://127.0.0.1:1#x")]
    [InlineData("http:127.0.0.1:1")]
    public void An_address_with_other_text_after_the_host_is_refused(string url)
    {
        WriteFile("""{"Auth": {"Mode": "none"}}""");

        Assert.StartsWith($"Urls: '{url}' ", Assert.Single(Load([], $"--urls={url}").Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:7070")]
    [InlineData("*:7070")]
    [InlineData("[::]:7070")]
    [InlineData("192.168.1.1:7070")]
    public void A_feed_that_other_machines_reach_is_refused_without_users_even_with_a_token(string listen)
    {
        WriteFile("""{"Auth": {"Mode": "none"}}""");

        var problem = Assert.Single(Load([], $"--Feeds:Xml:Listen={listen}", "--Feeds:Xml:Token=secret").Problems);

        Assert.StartsWith($"Feeds:Xml:Listen is '{listen}', which other machines can reach", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls=http://127.0.0.1:0")]
    [InlineData("--urls=http://localhost:8080")]
    [InlineData("--urls=http://[::1]:8080;http://127.9.9.9:8080")]
    public void Loopback_addresses_are_accepted(string argument)
    {
        WriteFile("""{"Auth": {"Mode": "none"}}""");

        Assert.Empty(Load([], argument).Problems);
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        WriteFile("""{"Htpp": {"MaxBodyBytes": 1}, "Faults": {"Enabled": "no"}, "Data": "here"}""");

        var problems = Load(new() { ["ALLINONE__Auth__Mod"] = "none" }, "--urls2:a=1").Problems;

        Assert.Equal(
            [
                "Auth:Mod (ALLINONE__Auth__Mod): there is no such key; did you mean Auth:Mode?",
                "Data (appsettings.json) is a section, not a value",
                "Faults:Enabled (appsettings.json) must be true or false",
                "Htpp:MaxBodyBytes (appsettings.json): there is no such key; did you mean Http:MaxBodyBytes?",
                "urls2:a (command line): there is no such key",
            ],
            problems);
    }

    [Theory]
    [InlineData("""{"Auth": """, "not valid JSON at line 1")]
    [InlineData("""{"Auth": {"Mode": "none"}, "Auth": {"Mode": "users"}}""", "cannot be read")]
    public void A_file_that_is_not_right_JSON_is_a_problem_that_names_it(string text, string reason)
    {
        WriteFile(text);

        var problem = Load([]).Problems[0];

        Assert.Contains("appsettings.json", problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_the_shipped_settings_apply()
    {
        var alone = Load([]);

        Assert.Empty(alone.Problems);
        Assert.Equal(
            Values(ServerSettings.Load(AppContext.BaseDirectory, NoEnvironment, [])),
            Values(alone));
    }

    [Fact]
    public void A_file_overrides_the_shipped_settings_key_by_key()
    {
        WriteFile("""{"Http": {"DrainTimeout": "00:00:03"}}""");

        var settings = Load([]);

        Assert.Empty(settings.Problems);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.Options.Http.DrainTimeout);
        Assert.Equal([ListenUrls.Default], settings.Urls.Select(url => url.ToString()));
        Assert.Equal("Warning", settings.Configuration["Serilog:MinimumLevel:Override:Microsoft"]);
    }

    [Fact]
    public void A_directory_in_the_place_of_the_file_is_a_problem_that_says_so()
    {
        _folder.CreateSubdirectory("appsettings.json");

        Assert.Equal(Path.Combine(_folder.FullName, "appsettings.json") + ": is a directory, not a file", Assert.Single(Load([]).Problems));
    }

    private static IEnumerable<KeyValuePair<string, string?>> Values(ServerSettings settings) =>
        settings.Configuration.AsEnumerable().OrderBy(pair => pair.Key, StringComparer.Ordinal);

    private static Dictionary<string, string> NoEnvironment => [];

    private void WriteFile(string json) => File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.json"), json);

    private ServerSettings Load(Dictionary<string, string> environment, params string[] args) =>
        ServerSettings.Load(_folder.FullName, environment, ConfigurationArguments.Extract(args).Pairs);
}
