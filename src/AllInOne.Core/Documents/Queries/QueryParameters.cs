using System.Globalization;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Documents.Queries;

/// <summary>Collects the values of a statement. A value of a client never becomes SQL text; the text only has the name of its parameter.</summary>
internal sealed class QueryParameters
{
    private readonly List<SqliteValue> _values = [];

    public IReadOnlyList<SqliteValue> Values => _values;

    /// <summary>Adds a value and returns the name of its parameter in SQL.</summary>
    public string Add(SqliteValue value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"?{_values.Count}");
    }

    public string Add(string text) => Add(SqliteValue.From(text));
}
