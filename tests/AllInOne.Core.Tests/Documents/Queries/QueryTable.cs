using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Sqlite;
using AllInOne.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Tests.Documents.Queries;

/// <summary>A table of documents in memory, with the shape of the store's tables, for queries.</summary>
internal sealed class QueryTable : IDisposable
{
    private const string From = "FROM documents WHERE";

    private readonly SqliteConnection _connection = new("Data Source=:memory:;Pooling=False");
    private int _added;

    static QueryTable() => SQLitePCL.Batteries_V2.Init();

    public QueryTable()
    {
        _connection.Open();
        ContainsFunction.AddTo(_connection.Handle!);
        Run("CREATE TABLE documents (id TEXT PRIMARY KEY, version INTEGER, created INTEGER, updated INTEGER, data TEXT) WITHOUT ROWID");
    }

    public void Add(TestDocument document)
    {
        using var insert = new SqliteStatement(_connection.Handle!, "INSERT INTO documents VALUES (?1, ?2, ?3, ?4, ?5)");
        insert.Bind(1, document.Id).Bind(2, document.Version).Bind(3, document.Created).Bind(4, document.Updated).Bind(5, document.Data).Run();
    }

    public void Add(params string[] data)
    {
        foreach (var one in data)
        {
            _added++;
            Add(new TestDocument($"d{_added:000}", _added, _added, _added, one));
        }
    }

    public void Index(string path) =>
        Run($"CREATE INDEX \"by_{path}\" ON documents ({FieldSql.IndexColumns(FieldPath.Parse(path))})");

    /// <summary>Returns the ids of the documents that a filter finds, separated by spaces.</summary>
    public string Find(string? filter, string? sort = null, QueryLimits? limits = null) =>
        string.Join(' ', Page(filter, sort, null, int.MaxValue, limits).Ids);

    public (List<string> Ids, string? Next) Page(string? filter, string? sort, string? cursor, int limit, QueryLimits? limits = null)
    {
        var query = DocumentQuery.Parse("documents", filter, sort, cursor, limits ?? QueryLimits.Default);
        List<string> ids = [];
        string? next = null;
        foreach (var step in QuerySql.StepsOf(query).TakeWhile(_ => ids.Count < limit))
        {
            using var select = new SqliteStatement(_connection.Handle!, Select(step, limit - ids.Count));
            Bind(select, step);
            foreach (var (id, keys) in select.Rows(row => (row.Text(0), step.Keys.Select((_, i) => row.Value(i + 1)).ToArray())))
            {
                ids.Add(id);
                next = query.CursorAfter(keys);
            }
        }

        return (ids, ids.Count < limit ? null : next);
    }

    /// <summary>Returns SQLite's query plan, one line for each step.</summary>
    public List<string> Plan(string? filter, string? sort = null, string? cursor = null) =>
        [.. QuerySql.StepsOf(DocumentQuery.Parse("documents", filter, sort, cursor, QueryLimits.Default)).Select(Plan)];

    public void Run(string sql)
    {
        using var statement = new SqliteStatement(_connection.Handle!, sql);
        statement.Run();
    }

    public void Dispose() => _connection.Dispose();

    private string Plan(QuerySql step)
    {
        using var explain = new SqliteStatement(_connection.Handle!, $"EXPLAIN QUERY PLAN {Select(step, 10)}");
        Bind(explain, step);
        return string.Join("; ", explain.Rows(row => row.Text(3)));
    }

    private static string Select(QuerySql step, int limit) =>
        $"SELECT id, {string.Join(", ", step.Keys)}, data {From} {step.Where} ORDER BY {step.OrderBy} LIMIT {limit}";

    private static void Bind(SqliteStatement statement, QuerySql step)
    {
        for (var i = 0; i < step.Parameters.Count; i++)
        {
            statement.Bind(i + 1, step.Parameters[i]);
        }
    }
}
