using System.Runtime.CompilerServices;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Documents.Sqlite;

/// <summary>
/// Reads documents with the reader connections of the file. A query is interrupted when its caller disconnects or when it takes too long.
/// </summary>
internal sealed class SqliteDocumentReads(Database database, DocumentsOptions options) : IDocumentReads
{
    /// <summary>SQLITE_ERROR: the statement is invalid. The statements of this class fail like this only if their table is missing.</summary>
    private const int Error = 1;
    private const int ExportPage = 200;

    public async Task<Document?> GetAsync(Collection collection, DocumentId id, Func<long, bool>? hold, CancellationToken cancel)
    {
        var found = await database.Readers.ReadAsync(
            OfTable(collection, session => session[DocumentSql.Of(collection).Find].Bind(1, id.Value)
                .Rows(row => hold?.Invoke(row.Length(3)) == false ? null : new Document(
                    id, row.Int64(0), Microseconds.ToTime(row.Int64(1)), Microseconds.ToTime(row.Int64(2)), row.Utf8(3)))),
            cancel).ConfigureAwait(false);
        return found is [] ? null : found[0] ?? throw AnswerMemory.Full();
    }

    public async Task<(IReadOnlyList<Document> Documents, string? Next)> ListAsync(
        Collection collection, DocumentQuery query, int limit, Func<long, bool>? hold, string caller, CancellationToken cancel) =>
        await QueryAsync(OfTable(collection, session => List(session, DocumentSql.Of(collection), query, limit, hold)), caller, cancel).ConfigureAwait(false)
            ?? throw AnswerMemory.Full();

    public Task<long> CountAsync(Collection collection, string caller, CancellationToken cancel) =>
        QueryAsync(OfTable(collection, session => session[DocumentSql.Of(collection).Count].Rows(row => row.Int64(0)).Single()), caller, cancel);

    public async IAsyncEnumerable<Document> AllAsync(Collection collection, string caller, [EnumeratorCancellation] CancellationToken cancel)
    {
        // After the first page the answer has started, so a later page is not refused.
        for (var (after, isRefusable) = ("", true); ; isRefusable = false)
        {
            var page = await database.Readers
                .QueryAsync(OfTable(collection, session => Page(session, DocumentSql.Of(collection), after)), cancel, caller, isRefusable).ConfigureAwait(false);
            foreach (var document in page)
            {
                yield return document;
            }

            if (page.Count == 0)
            {
                yield break;
            }

            after = page[^1].Id.Value;
        }
    }

    /// <summary>Wraps a read: it distinguishes a deleted collection (its table is missing) from a file that cannot be read.</summary>
    private static Func<SqliteSession, T> OfTable<T>(Collection collection, Func<SqliteSession, T> read) => session =>
    {
        try
        {
            return read(session);
        }
        catch (SqliteException missing) when (missing.SqliteErrorCode == Error && !HasTable(session, DocumentSql.Of(collection)))
        {
            throw new CollectionGoneException(collection.Name, missing);
        }
    };

    private static bool HasTable(SqliteSession session, DocumentSql sql)
    {
        using var found = session.Once("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1");
        return found.Bind(1, sql.Table).Step();
    }

    private static List<Document> Page(SqliteSession session, DocumentSql sql, string after)
    {
        var statement = session[sql.Page].Bind(1, after).Bind(2, ExportPage);
        var (page, bytes) = (new List<Document>(), 0);
        try
        {
            while (bytes < DocumentsOptions.ExportPageBytes && statement.Step())
            {
                page.Add(Row(statement));
                bytes += page[^1].Data.Length;
            }
        }
        finally
        {
            statement.Reset();
        }

        return page;
    }

    /// <summary>
    /// Reads a page. Returns null if there is no memory for the first document. It does not throw, because an exception would cost the connection.
    /// </summary>
    private (IReadOnlyList<Document> Documents, string? Next)? List(
        SqliteSession session, DocumentSql sql, DocumentQuery query, int limit, Func<long, bool>? hold)
    {
        var (documents, bytes) = (new List<Document>(), 0L);
        IReadOnlyList<StoredValue>? last = null;
        var place = 0L;
        foreach (var step in QuerySql.StepsOf(query))
        {
            // One row more than the page shows whether there is a next page.
            using var found = Find(session, sql, step, last is null ? limit + 1 - documents.Count : 1);
            while (found.Step())
            {
                if (last is not null)
                {
                    return (documents, query.CursorAfter(last));
                }

                var document = session[sql.Row].Bind(1, found.Int64(0)).Rows(row => Held(row, hold)).Single();
                if (document is null)
                {
                    // The page ends with the previous document.
                    return documents.Count == 0 ? null : (documents, query.CursorAfter(KeysOf(session, sql, step, place)));
                }

                documents.Add(document);
                bytes += document.Data.Length;
                place = found.Int64(0);
                if (documents.Count == limit || bytes >= options.MaxPageBytes)
                {
                    last = Keys(found, step);
                }
            }
        }

        return (documents, null);
    }

    // Selects only row numbers, because SQLite keeps all selected columns in memory when it sorts. The documents are then read in the same
    // transaction, so both see the same moment.
    private static SqliteStatement Find(SqliteSession session, DocumentSql sql, QuerySql step, int most)
    {
        var statement = session.Once(
            $"SELECT rowid, {string.Join(", ", step.Keys)} FROM {sql.Table} WHERE {step.Where} ORDER BY {step.OrderBy} LIMIT {most}");
        for (var i = 0; i < step.Parameters.Count; i++)
        {
            statement.Bind(i + 1, step.Parameters[i]);
        }

        return statement;
    }

    private static Document? Held(SqliteStatement row, Func<long, bool>? hold) => hold?.Invoke(row.Length(4)) == false ? null : Row(row);

    private static StoredValue[] KeysOf(SqliteSession session, DocumentSql sql, QuerySql step, long number)
    {
        using var found = session.Once($"SELECT rowid, {string.Join(", ", step.Keys)} FROM {sql.Table} WHERE rowid = ?1").Bind(1, number);
        found.Step();
        return Keys(found, step);
    }

    private static StoredValue[] Keys(SqliteStatement row, QuerySql step) => [.. step.Keys.Select((_, column) => row.Value(column + 1))];

    private static Document Row(SqliteStatement row) => new(
        DocumentId.Stored(row.Text(0)), row.Int64(1), Microseconds.ToTime(row.Int64(2)), Microseconds.ToTime(row.Int64(3)), row.Utf8(4));

    private Task<T> QueryAsync<T>(Func<SqliteSession, T> query, string caller, CancellationToken cancel) =>
        database.Readers.QueryAsync(query, cancel, caller, limit: options.QueryTimeout);
}
