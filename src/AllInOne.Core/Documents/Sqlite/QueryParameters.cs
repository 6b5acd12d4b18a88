using System.Globalization;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.Sqlite;

/// <summary>Collects the values of a statement. A value of a client never becomes SQL text; the text only has the name of its parameter.</summary>
internal sealed class QueryParameters
{
    private readonly List<StoredValue> _values = [];

    public IReadOnlyList<StoredValue> Values => _values;

    /// <summary>Adds a value and returns the name of its parameter in SQL.</summary>
    public string Add(StoredValue value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"?{_values.Count}");
    }

    public string Add(string text) => Add(StoredValue.From(text));
}
