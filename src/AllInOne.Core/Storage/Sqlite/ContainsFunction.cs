using AllInOne.Core.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// <c>contains(text, part)</c> in SQL: whether a text contains another text. It ignores the case (<see cref="CaselessText"/>).
/// The functions of SQLite itself only know the case of A to Z.
/// </summary>
internal static class ContainsFunction
{
    public static void AddTo(sqlite3 database) => SqliteException.ThrowExceptionForRC(
        raw.sqlite3_create_function(database, "contains", 2, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null, Apply), database);

    // No exception may leave this method, because native code of SQLite calls it.
    private static void Apply(sqlite3_context context, object state, sqlite3_value[] arguments) => raw.sqlite3_result_int(
        context, CaselessText.Contains(raw.sqlite3_value_blob(arguments[0]), raw.sqlite3_value_blob(arguments[1])) ? 1 : 0);
}
