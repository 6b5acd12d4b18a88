using System.Globalization;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Documents.Queries;

/// <summary>The values of a statement in the making; what comes from a client gets into SQL only as the name of one of these.</summary>
internal sealed class QueryParameters
{
    private readonly List<SqliteValue> _values = [];

    public IReadOnlyList<SqliteValue> Values => _values;

    /// <summary>Takes the value and gives its name in SQL.</summary>
    public string Add(SqliteValue value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"?{_values.Count}");
    }

    public string Add(string text) => Add(SqliteValue.From(text));
}
