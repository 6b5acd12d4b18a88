using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// One step of reading a page: <c>SELECT …, Keys FROM … WHERE Where ORDER BY OrderBy LIMIT …</c>. Nothing in these texts is a client's but
/// checked and quoted paths.
/// </summary>
/// <param name="Where">A condition, in parentheses.</param>
/// <param name="OrderBy">What stands behind ORDER BY.</param>
/// <param name="Keys">Expressions to select, too: of the last row they make the cursor.</param>
/// <param name="Parameters">To be bound from 1 on.</param>
internal sealed record QuerySql(string Where, string OrderBy, IReadOnlyList<string> Keys, IReadOnlyList<SqliteValue> Parameters);
