using System.Globalization;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// A query of a client is invalid. Over HTTP the status is 400. The message is one line for a person and names the position in the text, if there is
/// one.
/// </summary>
public sealed class QueryException(string parameter, int? position, string problem) : Exception(Text(position, problem))
{
    /// <summary>The invalid part: <c>filter</c>, <c>sort</c>, <c>cursor</c>, <c>fields</c> or <c>path</c>.</summary>
    public string Parameter { get; } = parameter;

    /// <summary>The position of the error, from 1; null for a cursor, because users do not write cursors.</summary>
    public int? Position { get; } = position;

    private static string Text(int? position, string problem) =>
        position is { } at ? string.Create(CultureInfo.InvariantCulture, $"at {at}: {problem}") : problem;
}
