using System.Text.Json;
using AllInOne.Server.Logging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Logging;

public sealed class ServerLogTests : IDisposable
{
    private static readonly Action<ILogger, string, Exception?> Said = LoggerMessage.Define<string>(LogLevel.Information, 1, "Said {What}");
    private static readonly Action<ILogger, string, Exception?> Whispered = LoggerMessage.Define<string>(LogLevel.Debug, 2, "Whispered {What}");

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_has_one_JSON_object_per_line()
    {
        Write([]);

        var line = JsonDocument.Parse(Lines().Single()).RootElement;
        Assert.Equal("Information", line.GetProperty("Level").GetString());
        Assert.Equal("here", line.GetProperty("Properties").GetProperty("What").GetString());
        Assert.Equal("Tests.Part", line.GetProperty("Properties").GetProperty("SourceContext").GetString());
    }

    [Fact]
    public void A_line_does_not_grow_with_the_text_in_it()
    {
        Write([], new string('x', 60_000));

        var line = Lines().Single();
        Assert.InRange(line.Length, 1000, 3000);
        Assert.EndsWith("x…", JsonDocument.Parse(line).RootElement.GetProperty("Properties").GetProperty("What").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Serilog:MinimumLevel:Default", "Debug", 2)]
    [InlineData("Serilog:MinimumLevel:Default", "Error", 0)]
    [InlineData("Serilog:MinimumLevel:Override:Tests", "Debug", 2)]
    [InlineData("Serilog:MinimumLevel:Override:Other", "Debug", 1)]
    public void Levels_come_from_the_configuration(string key, string level, int lines)
    {
        Write(new() { [key] = level });

        Assert.Equal(lines, Lines().Length);
    }

    [Fact]
    public void Each_line_of_the_file_has_the_name_of_the_node()
    {
        Write([]);

        Assert.All(Lines(), line => Assert.Contains("\"Node\":\"kitchen\"", line, StringComparison.Ordinal));
    }

    private void Write(Dictionary<string, string?> keys, string what = "here")
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(keys).Build();
        using var loggers = new ServerLog(configuration, _folder.Path, console: false, node: "kitchen", lines: 100);
        var logger = loggers.CreateLogger("Tests.Part");
        Said(logger, what, null);
        Whispered(logger, "there", null);
    }

    private string[] Lines() => [.. Directory.EnumerateFiles(_folder.Path).SelectMany(File.ReadAllLines)];
}
