using AllInOne.Core.Values;

namespace AllInOne.Server.Configuration.Keys;

/// <summary>
/// The configuration keys of a command line: <c>--Section:Key=value</c>, <c>--Section:Key value</c>, and the two
/// short forms <c>--data DIR</c> and <c>--urls LIST</c>. They are removed before the commands and options are parsed,
/// so they may be anywhere. They keep their order, so the last one wins.
/// </summary>
/// <param name="Pairs">Key and value, in the order given.</param>
/// <param name="Rest">The other arguments, for the command line parser.</param>
/// <param name="Problems">Keys without a value, one line each.</param>
internal sealed record ConfigurationArguments(
    IReadOnlyList<KeyValuePair<string, string>> Pairs, IReadOnlyList<string> Rest, IReadOnlyList<string> Problems)
{
    /// <summary>The short forms of configuration keys.</summary>
    private static readonly Dictionary<string, string> ShortForms =
        new(StringComparer.OrdinalIgnoreCase) { ["data"] = "Data:Directory", ["urls"] = "Urls" };

    public static ConfigurationArguments Extract(IReadOnlyList<string> args)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var rest = new List<string>();
        var problems = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var (option, value) = Split(args[i]);
            if (KeyOf(option) is not { } key)
            {
                rest.Add(args[i]);
            }
            else if (value is not null)
            {
                pairs.Add(new(key, value));
            }
            else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                pairs.Add(new(key, args[++i]));
            }
            else
            {
                var name = Excerpt.Of(args[i]);
                problems.Add($"{name} needs a value ({name}=VALUE)");
            }
        }

        return new(pairs, rest, problems);
    }

    private static (string Name, string? Value) Split(string arg)
    {
        var equals = arg.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (arg, null) : (arg[..equals], arg[(equals + 1)..]);
    }

    private static string? KeyOf(string name)
    {
        if (!name.StartsWith("--", StringComparison.Ordinal))
        {
            return null;
        }

        var bare = name[2..];
        return ShortForms.TryGetValue(bare, out var key) ? key : bare.IndexOf(':', StringComparison.Ordinal) > 0 ? bare : null;
    }
}
