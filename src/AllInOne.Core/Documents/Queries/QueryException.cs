using System.Globalization;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// What a client asked for cannot be understood: a 400 for that client alone. The message is one line for a person and
/// names the place in the text where there is one.
/// </summary>
public sealed class QueryException(string parameter, int? position, string problem) : Exception(Text(position, problem))
{
    /// <summary>Which part is wrong: <c>filter</c>, <c>sort</c>, <c>cursor</c>, <c>fields</c> or <c>path</c>.</summary>
    public string Parameter { get; } = parameter;

    /// <summary>The first character in question, counted from 1; null for a cursor, because users do not write cursors.</summary>
    public int? Position { get; } = position;

    private static string Text(int? position, string problem) =>
        position is { } at ? string.Create(CultureInfo.InvariantCulture, $"at {at}: {problem}") : problem;
}
