using System.Diagnostics.CodeAnalysis;
using AllInOne.Core.Values;

namespace AllInOne.Core.Events;

/// <summary>
/// A filter of topics: whole topics (<c>entities/light.hall</c>) and prefixes (<c>entities/*</c>, <c>*</c> for all).
/// Immutable.
/// </summary>
public sealed class TopicFilter
{
    public const int MaxPatternLength = 512;
    public const int MaxPatterns = 1000;

    // Sorted arrays, because they are small and each of ten thousand connections may have its own.
    private readonly string[] _exact;
    private readonly string[] _prefixes;

    private TopicFilter(string[] exact, string[] prefixes) => (_exact, _prefixes) = (exact, prefixes);

    public static TopicFilter Everything { get; } = new([], [""]);

    /// <summary>Whole topics.</summary>
    internal string[] Exact => _exact;

    /// <summary>The prefixes without their asterisk; an empty prefix matches everything.</summary>
    internal string[] Prefixes => _prefixes;

    /// <summary>Reads a list of patterns. An empty list matches everything.</summary>
    /// <param name="error">The invalid pattern and the reason.</param>
    public static bool TryParse(
        IReadOnlyCollection<string?> patterns,
        [NotNullWhen(true)] out TopicFilter? filter,
        [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        (filter, error) = (null, null);
        if (patterns.Count > MaxPatterns)
        {
            error = $"There are {patterns.Count} topics; at most {MaxPatterns} are allowed.";
            return false;
        }

        List<string> exact = [], prefixes = [];
        foreach (var pattern in patterns)
        {
            if (Fault(pattern) is { } fault)
            {
                error = $"The topic '{Excerpt.Of(pattern ?? "")}' {fault}.";
                return false;
            }

            if (pattern!.EndsWith('*'))
            {
                prefixes.Add(pattern[..^1]);
            }
            else
            {
                exact.Add(pattern);
            }
        }

        filter = patterns.Count == 0 || prefixes.Contains("") ? Everything : new TopicFilter(Sorted(exact), Sorted(prefixes));
        return true;
    }

    public bool Matches(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        foreach (var prefix in _prefixes)
        {
            if (topic.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return _exact.Length == 1 ? _exact[0] == topic : Array.BinarySearch(_exact, topic, StringComparer.Ordinal) >= 0;
    }

    /// <summary>Whether it may match a topic with this prefix.</summary>
    public bool MayMatch(string beginning)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        return _prefixes.Any(prefix => prefix.StartsWith(beginning, StringComparison.Ordinal) || beginning.StartsWith(prefix, StringComparison.Ordinal))
            || _exact.Any(topic => topic.StartsWith(beginning, StringComparison.Ordinal));
    }

    private static string[] Sorted(List<string> patterns) =>
        patterns.Count < 2 ? [.. patterns] : [.. patterns.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string? Fault(string? pattern)
    {
        if (string.IsNullOrEmpty(pattern))
        {
            return "is empty";
        }

        if (pattern.Length > MaxPatternLength)
        {
            return $"is longer than {MaxPatternLength} characters";
        }

        return pattern.AsSpan(0, pattern.Length - 1).Contains('*') ? "has a * elsewhere than at its end" : null;
    }
}
