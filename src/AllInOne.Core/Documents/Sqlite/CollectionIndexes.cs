using System.Security.Cryptography;
using System.Text;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Documents.Sqlite;

/// <summary>
/// The indexes of a collection's table, as its definition requires them. The name of an index is a hash of its columns. The path cannot be the name,
/// because SQLite ignores the case of names. And if a newer program defines the key of a path differently, the hash differs too, so a new index
/// replaces the old one, which no query would use any more.
/// </summary>
internal static class CollectionIndexes
{
    private const string FindAll = "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL";

    private const int HashCharacters = 16;

    /// <summary>The path by which old documents are found.</summary>
    private static readonly FieldPath Retention = FieldPath.Parse("updated");

    /// <summary>Whether <see cref="Set"/> would change nothing.</summary>
    public static bool AreSet(SqliteSession session, Collection collection) =>
        Existing(session, collection).ToHashSet(StringComparer.Ordinal).SetEquals(Wanted(collection).Keys);

    public static void Set(SqliteSession session, Collection collection)
    {
        var wanted = Wanted(collection);
        foreach (var name in Existing(session, collection).Where(name => !wanted.Remove(name)))
        {
            session.Execute($"DROP INDEX \"{name}\"");
        }

        foreach (var (name, columns) in wanted)
        {
            session.Execute($"CREATE INDEX \"{name}\" ON {DocumentSql.Of(collection).Table} ({columns})");
        }
    }

    private static List<string> Existing(SqliteSession session, Collection collection) =>
        session[FindAll].Bind(1, DocumentSql.Of(collection).Table).Rows(row => row.Text(0));

    private static Dictionary<string, string> Wanted(Collection collection)
    {
        IEnumerable<FieldPath> paths = collection.Definition.Indexes;
        return (collection.Definition.Retention is null ? paths : paths.Append(Retention))
            .Distinct()
            .Select(FieldSql.IndexColumns)
            .ToDictionary(columns => $"{DocumentSql.Of(collection).Table}_{Hash(columns)}", StringComparer.Ordinal);
    }

    private static string Hash(string columns) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(columns)))[..HashCharacters];
}
