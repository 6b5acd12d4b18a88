using System.Collections;
using System.Globalization;
using AllInOne.Core.Values.Options;
using AllInOne.Server.Configuration;

namespace AllInOne.Server.Tests.Configuration;

/// <summary>docs/configuration.md is correct: each key, its default and its allowed values.</summary>
public sealed class ConfigurationPageTests
{
    /// <summary>The columns of each row of a key: key, default, allowed, description.</summary>
    private static readonly Dictionary<string, string[]> Rows = File.ReadLines(Repository.At("docs", "configuration.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
        .ToDictionary(cells => cells[0].Trim('`').Replace(":*Source*", "", StringComparison.Ordinal));

    private static readonly List<OptionKey> Keys = [.. OptionKey.Of(new ServerOptions())];

    [Fact]
    public void The_page_has_every_key_and_no_other()
    {
        // Serilog documents the other parts of its section.
        var known = ServerSchema.Create().Paths().Where(path => !path.StartsWith("Serilog:", StringComparison.Ordinal) || path.Contains("MinimumLevel", StringComparison.Ordinal));

        Assert.Equal(known.Order(StringComparer.Ordinal), Rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(Rows.Values, cells => Assert.Equal(4, cells.Length));
    }

    [Fact]
    public void The_page_has_the_defaults() => Assert.Equal(
        Keys.Select(option => $"{option.Key}: {Default(option)}"),
        Keys.Select(option => $"{option.Key}: {Rows[option.Key][1].Split(" (")[0].Replace("`", "", StringComparison.Ordinal)}"),
        StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void The_page_has_the_allowed_values() => Assert.Equal(
        Keys.Where(option => Allowed(option) is not null).Select(option => $"{option.Key}: {Allowed(option)}"),
        Keys.Where(option => Allowed(option) is not null).Select(option => $"{option.Key}: {Rows[option.Key][2].Replace("`", "", StringComparison.Ordinal)}"),
        StringComparer.OrdinalIgnoreCase);

    private static string Default(OptionKey option) => option.Value switch
    {
        null when option.Key == "Node:Name" => "the host name",
        null or IList { Count: 0 } => "none",
        var value when Percent(option.Key) is { } percent => string.Create(CultureInfo.InvariantCulture, $"{value}, or {percent} %"),
        var value => OptionKey.Text(value),
    };

    private static string? Allowed(OptionKey option) => option.Value switch
    {
        bool => "true, false",
        Enum value => string.Join(", ", Enum.GetNames(value.GetType())),
        _ => option.Range,
    };

    private static int? Percent(string key) => key == "Memory:Reserve"
        ? MemoryBudget.ReservePercent
        : new MemoryBudget(1).Limits.FirstOrDefault(limit => limit.Key == key)?.Percent;
}
