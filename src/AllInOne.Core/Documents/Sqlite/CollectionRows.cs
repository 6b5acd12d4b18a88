using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Documents.Sqlite;

/// <summary>Reads and writes the rows of collections.</summary>
internal static class CollectionRows
{
    private const string Columns = "number, name, definition, created, updated";

    private const string FindOne = $"SELECT {Columns} FROM collections WHERE name = ?1 AND deleted = 0";

    private const string FindNumber = "SELECT 1 FROM collections WHERE number = ?1 AND deleted = 0";

    private const string FindAll = $"SELECT {Columns} FROM collections WHERE deleted = 0 ORDER BY name";

    private const string CountAll = "SELECT count(*) FROM collections WHERE deleted = 0";

    // A deleted collection of the same name has left its floor. A restore has left a floor without a name for collections that the backup did not know.
    private const string InsertOne =
        """
        INSERT INTO collections (name, definition, created, updated, floor)
        VALUES (?1, ?2, ?3, ?3, coalesce((SELECT max(floor) FROM collections WHERE name IN (?1, '') AND deleted = 1), 0))
        """;

    private const string UpdateOne = "UPDATE collections SET definition = ?2, updated = ?3 WHERE number = ?1";

    private const string DeleteOne = "UPDATE collections SET deleted = 1, floor = max(floor, ?2) WHERE number = ?1";

    private const string ForgetOlder =
        "DELETE FROM collections WHERE deleted = 1 AND name = ?1 AND number < ?2";

    private const string RaiseAll = "UPDATE collections SET floor = max(floor, ?1)";

    private const string ForgetNameless = "DELETE FROM collections WHERE name = ''";

    private const string LeaveNameless =
        "INSERT INTO collections (name, definition, created, updated, floor, deleted) VALUES ('', '{}', 0, 0, ?1, 1)";

    private const string FindNumbers = "SELECT number FROM collections WHERE deleted = 0";

    public static Collection? Find(SqliteSession session, CollectionName name) => session[FindOne].Bind(1, name.Value).Rows(Row).SingleOrDefault();

    /// <summary>Whether this collection still exists. A later collection with the same name has another number.</summary>
    public static bool Exists(SqliteSession session, Collection collection)
    {
        var statement = session[FindNumber].Bind(1, collection.Number);
        try
        {
            return statement.Step();
        }
        finally
        {
            statement.Reset();
        }
    }

    public static List<Collection> All(SqliteSession session) => session[FindAll].Rows(Row);

    public static long Count(SqliteSession session) => session[CountAll].Rows(row => row.Int64(0)).Single();

    public static Collection Insert(SqliteSession session, CollectionName name, CollectionDefinition definition, DateTimeOffset now)
    {
        session[InsertOne].Bind(1, name.Value).Bind(2, CollectionDefinitionJson.Write(definition)).Bind(3, Microseconds.From(now)).Run();
        return Find(session, name)!;
    }

    public static Collection Update(SqliteSession session, Collection there, CollectionDefinition definition, DateTimeOffset now)
    {
        session[UpdateOne].Bind(1, there.Number).Bind(2, CollectionDefinitionJson.Write(definition)).Bind(3, Microseconds.From(now)).Run();
        return there.With(definition, now);
    }

    public static void Delete(SqliteSession session, Collection there)
    {
        using var greatest = session.Once($"SELECT coalesce(max(version), 0) FROM {DocumentSql.Of(there).Table}");
        var floor = greatest.Rows(row => row.Int64(0)).Single();
        session[DeleteOne].Bind(1, there.Number).Bind(2, floor).Run();
        session[ForgetOlder].Bind(1, there.Name.Value).Bind(2, there.Number).Run();
    }

    /// <summary>
    /// Called after a restore: every document gets a version that it never had, and later versions are greater. Otherwise an ETag from the time after
    /// the backup could match another content.
    /// </summary>
    /// <param name="floor">A number above every version that a client may have seen.</param>
    public static void RaiseVersions(SqliteSession session, long floor)
    {
        foreach (var number in session[FindNumbers].Rows(row => row.Int64(0)))
        {
            using var raise = session.Once(new DocumentSql(number).RaiseVersions);
            raise.Bind(1, floor).Run();
        }

        session[RaiseAll].Bind(1, floor).Run();
        session[ForgetNameless].Run();
        session[LeaveNameless].Bind(1, floor).Run();
    }

    private static Collection Row(SqliteStatement row) => new(
        row.Int64(0), CollectionName.Stored(row.Text(1)), CollectionDefinitionJson.Read(row.Text(2)), Microseconds.ToTime(row.Int64(3)), Microseconds.ToTime(row.Int64(4)), new DocumentSql(row.Int64(0)));
}
