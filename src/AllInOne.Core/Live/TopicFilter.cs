using System.Diagnostics.CodeAnalysis;

namespace AllInOne.Core.Live;

/// <summary>
/// Which topics a reader wants: whole ones (<c>entities/light.hall</c>) and beginnings (<c>entities/*</c>, <c>*</c> for all).
/// Immutable.
/// </summary>
public sealed class TopicFilter
{
    public const int MaxPatternLength = 512;
    public const int MaxPatterns = 1000;

    private readonly HashSet<string> _exact;
    private readonly string[] _prefixes;

    private TopicFilter(HashSet<string> exact, string[] prefixes) => (_exact, _prefixes) = (exact, prefixes);

    public static TopicFilter Everything { get; } = new([], [""]);

    /// <summary>Whole topics.</summary>
    internal IReadOnlyCollection<string> Exact => _exact;

    /// <summary>Beginnings, without their asterisk; the empty one for everything.</summary>
    internal IReadOnlyList<string> Prefixes => _prefixes;

    /// <summary>No pattern at all means everything.</summary>
    /// <param name="error">Names the pattern that is wrong and says why.</param>
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

        var exact = new HashSet<string>(StringComparer.Ordinal);
        var prefixes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            if (Fault(pattern) is { } fault)
            {
                error = $"The topic '{pattern}' {fault}.";
                return false;
            }

            _ = pattern!.EndsWith('*') ? prefixes.Add(pattern[..^1]) : exact.Add(pattern);
        }

        filter = patterns.Count == 0 || prefixes.Contains("") ? Everything : new TopicFilter(exact, [.. prefixes]);
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

        return _exact.Contains(topic);
    }

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
