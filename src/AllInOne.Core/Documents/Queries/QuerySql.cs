using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// One step that reads a page: <c>SELECT …, Keys FROM … WHERE Where ORDER BY OrderBy LIMIT …</c>. The only text of a client in it are checked and
/// quoted paths.
/// </summary>
/// <param name="Where">A condition in parentheses.</param>
/// <param name="OrderBy">The text after ORDER BY.</param>
/// <param name="Keys">Further expressions to select. Their values in the last row make the cursor.</param>
/// <param name="Parameters">The values to bind, from 1 on.</param>
internal sealed record QuerySql(string Where, string OrderBy, IReadOnlyList<string> Keys, IReadOnlyList<SqliteValue> Parameters);
