using System.Diagnostics.CodeAnalysis;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// The path of a value in a document: names separated by dots, such as <c>address.city</c>. A segment that consists of digits is an index of an
/// array, as in <c>lines.0.price</c>. A path has at most <see cref="MaxSegments"/> segments of at most <see cref="MaxSegmentLength"/> ASCII letters,
/// digits, <c>_</c> and <c>-</c>. The server adds the members <c>id</c>, <c>version</c>, <c>created</c> and <c>updated</c>.
/// </summary>
/// <remarks>
/// A storage engine may write a path into the text of a statement, so it must never contain other characters than these: the constructor is private,
/// and only the parser calls it.
/// </remarks>
public sealed record FieldPath
{
    public const int MaxSegments = 16;
    public const int MaxSegmentLength = 64;

    /// <summary>The maximum number of digits of an index. A storage engine may let a larger number overflow.</summary>
    private const int MaxIndexDigits = 9;

    private FieldPath(string text, string[] segments) => (Text, Segments) = (text, segments);

    /// <summary>The names of the members that the server adds.</summary>
    internal static IReadOnlyList<string> OwnNames { get; } = ["id", "version", "created", "updated"];

    /// <summary>The path of <c>id</c>, which is the last field of every order.</summary>
    public static FieldPath Id { get; } = new("id", ["id"]);

    public string Text { get; }

    public IReadOnlyList<string> Segments { get; }

    /// <summary>Whether it is the path of a member that the server adds.</summary>
    public bool IsOwn => OwnNames.Contains(Text);

    /// <summary>Whether it is <c>created</c> or <c>updated</c>. They are stored as microseconds, and are RFC 3339 strings for clients.</summary>
    internal bool IsTime => Text is "created" or "updated";

    /// <summary>Reads a path, for example of an index.</summary>
    /// <exception cref="QueryException">The text is not a path.</exception>
    public static FieldPath Parse(string text) => Parse(text, "path", 1);

    public static bool TryParse(string? text, [NotNullWhen(true)] out FieldPath? path)
    {
        path = null;
        if (text is null)
        {
            return false;
        }

        try
        {
            path = Parse(text);
            return true;
        }
        catch (QueryException)
        {
            return false;
        }
    }

    /// <param name="parameter">The name of the parameter that contains the text.</param>
    /// <param name="position">The position of the text in this parameter, from 1.</param>
    internal static FieldPath Parse(string text, string parameter, int position)
    {
        ArgumentNullException.ThrowIfNull(text);

        // Check the length before anything is split, because text from outside may be long.
        if (text.Length > MaxSegments * (MaxSegmentLength + 1))
        {
            throw new QueryException(parameter, position, "the path is too long");
        }

        var segments = text.Split('.');
        if (segments.Length > MaxSegments)
        {
            throw new QueryException(parameter, position, $"a path has at most {MaxSegments} segments, not {segments.Length}");
        }

        var at = position;
        foreach (var segment in segments)
        {
            if (ProblemOf(segment, out var offset) is { } problem)
            {
                throw new QueryException(parameter, at + offset, problem);
            }

            at += segment.Length + 1;
        }

        return Checked(new FieldPath(text, segments), parameter, position);
    }

    public bool Equals(FieldPath? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    public override string ToString() => Text;

    internal static bool IsCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    internal static bool IsIndex(string segment) => segment.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    private static string? ProblemOf(string segment, out int offset)
    {
        offset = 0;
        if (segment.Length == 0)
        {
            return "a name is expected";
        }

        if (segment.Length > MaxSegmentLength)
        {
            return $"a name in a path has at most {MaxSegmentLength} characters";
        }

        for (; offset < segment.Length; offset++)
        {
            if (!IsCharacter(segment[offset]))
            {
                return "a name in a path is made of letters, digits, '_' and '-'";
            }
        }

        offset = 0;
        if (!IsIndex(segment))
        {
            return null;
        }

        return segment.Length > MaxIndexDigits || (segment[0] == '0' && segment.Length > 1)
            ? $"an index has at most {MaxIndexDigits} digits and no zero in front"
            : null;
    }

    private static FieldPath Checked(FieldPath path, string parameter, int position)
    {
        if (IsIndex(path.Segments[0]))
        {
            throw new QueryException(parameter, position, "a path begins with a name: a document is an object");
        }

        if (path.Segments.Count > 1 && new FieldPath(path.Segments[0], []).IsOwn)
        {
            throw new QueryException(parameter, position, $"'{path.Segments[0]}' has no parts");
        }

        return path;
    }
}
