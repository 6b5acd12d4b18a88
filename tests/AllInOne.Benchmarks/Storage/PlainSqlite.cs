using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace AllInOne.Benchmarks.Storage;

/// <summary>The peer: the same rows in a loop with a prepared command, with the same durability.</summary>
internal static class PlainSqlite
{
    public const string Name = "plain SQLite";

    /// <param name="batch">The number of rows of a transaction.</param>
    /// <returns>Rows per second.</returns>
    public static double Insert(string path, int rows, string data, int batch = 1_000)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var insert = connection.CreateCommand();
        insert.CommandText =
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT";
        insert.ExecuteNonQuery();
        insert.CommandText = "INSERT INTO rows VALUES ($id, $data)";
        var id = insert.Parameters.Add("$id", SqliteType.Integer);
        insert.Parameters.AddWithValue("$data", data);
        insert.Prepare();
        var watch = Stopwatch.StartNew();
        for (var n = 0; n < rows;)
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (var end = Math.Min(n + batch, rows); n < end; n++)
            {
                id.Value = n;
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return rows / watch.Elapsed.TotalSeconds;
    }
}
