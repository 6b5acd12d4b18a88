namespace AllInOne.Core.Documents.Queries;

/// <summary>Splits a list at its commas. Each part has its position in the whole text; spaces around a part are ignored.</summary>
internal static class PathList
{
    /// <exception cref="QueryException">The text is too long, or there are too many parts.</exception>
    public static List<(string Text, int Position)> Parse(string text, string parameter, int maxLength, int maxParts)
    {
        if (text.Length > maxLength)
        {
            throw new QueryException(parameter, maxLength + 1, $"'{parameter}' has at most {maxLength} characters, not {text.Length}");
        }

        List<(string, int)> parts = [];
        for (var start = 0; start <= text.Length;)
        {
            var comma = text.IndexOf(',', start);
            var end = comma < 0 ? text.Length : comma;
            if (parts.Count == maxParts)
            {
                throw new QueryException(parameter, start + 1, $"'{parameter}' names at most {maxParts} fields");
            }

            var part = text.AsSpan(start, end - start);
            var spaces = part.Length - part.TrimStart(' ').Length;
            parts.Add((part.Trim(' ').ToString(), start + spaces + 1));
            start = end + 1;
        }

        return parts;
    }
}
