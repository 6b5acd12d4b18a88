using AllInOne.Core.Values;

namespace AllInOne.Server.Configuration.Keys;

/// <summary>
/// Checks every configured key against the schema. Each fault is one line with the key and its source. The line does not repeat the value, because it
/// may be a password.
/// </summary>
internal static class ConfigurationCheck
{
    /// <summary>The maximum length of a quoted key; every known key is shorter.</summary>
    private const int KeyLength = 128;

    public static IEnumerable<string> Problems(IConfigurationRoot root, SchemaNode schema)
    {
        var known = schema.Paths().ToArray();
        return Below(root, schema, root, known);
    }

    private static IEnumerable<string> Below(IConfiguration at, SchemaNode node, IConfigurationRoot root, string[] known)
    {
        foreach (var section in at.GetChildren())
        {
            if (node.Child(section.Key) is not { } child)
            {
                foreach (var key in KeysBelow(section))
                {
                    yield return $"{Excerpt.Of(key, KeyLength)} ({ConfigurationSources.Describe(root, key)}): there is no such key{DidYouMean(key, known)}";
                }
            }
            else if (!child.IsFree)
            {
                foreach (var problem in Own(section, child, root).Concat(Below(section, child, root, known)))
                {
                    yield return problem;
                }
            }
        }
    }

    private static IEnumerable<string> Own(IConfigurationSection section, SchemaNode node, IConfigurationRoot root)
    {
        if (section.Value is not { } text)
        {
            yield break;
        }

        var where = $"{Excerpt.Of(section.Path, KeyLength)} ({ConfigurationSources.Describe(root, section.Path)})";
        if (node.Value is null)
        {
            // An empty list in JSON arrives as an empty text.
            if (!(node.IsList && text.Length == 0))
            {
                yield return node.IsList
                    ? $"{where} is a list: set {section.Path}:0, {section.Path}:1 and so on"
                    : $"{where} is a section, not a value";
            }
        }
        else if (ConfigurationValue.Expected(node.Value, text) is { } expected)
        {
            yield return $"{where} must be {expected}";
        }
    }

    private static IEnumerable<string> KeysBelow(IConfigurationSection section) =>
        section.Value is not null ? [section.Path] : section.GetChildren().SelectMany(KeysBelow);

    private static string DidYouMean(string path, string[] known)
    {
        if (path.Length > KeyLength)
        {
            return "";
        }

        var nearest = known.Select(candidate => (Candidate: candidate, Distance: Distance(path, candidate)))
            .OrderBy(pair => pair.Distance).FirstOrDefault();
        return nearest.Candidate is not null && nearest.Distance <= Math.Max(2, path.Length / 3)
            ? $"; did you mean {nearest.Candidate}?" : "";
    }

    /// <summary>Levenshtein's distance without regard to case, one row at a time.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[b.Length];
    }
}
