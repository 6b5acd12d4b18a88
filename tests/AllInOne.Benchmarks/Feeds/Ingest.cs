using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using AllInOne.Benchmarks.Storage;
using AllInOne.Core.Events;
using Microsoft.Data.Sqlite;

namespace AllInOne.Benchmarks.Feeds;

/// <summary>
/// XML bytes through a real socket to committed history, with one subscriber, beside the plain insertion of the same rows
/// into SQLite in batches of 1,000. Rounds alternate; the medians are reported.
/// </summary>
internal static class Ingest
{
    private const int Elements = 200_000;
    private const int Entities = 500;
    private const int RawBatch = 1_000;
    private const string Plain = PlainSqlite.Name;

    public static void Run(Session session) => RunAsync(session).GetAwaiter().GetResult();

    private static async Task RunAsync(Session session)
    {
        var root = Directory.CreateTempSubdirectory("allinone-ingest-");
        try
        {
            var (events, both, batches) = (new Series(), new Series(), new List<double>());
            for (var round = 0; round <= session.Rounds; round++)
            {
                var (rate, rowsPerTransaction) = await OursAsync(Path.Combine(root.FullName, $"ours{round}"));
                var raw = Raw(Path.Combine(root.FullName, $"events{round}.db"), snapshots: false);
                var rawBoth = Raw(Path.Combine(root.FullName, $"both{round}.db"), snapshots: true);
                if (round > 0)
                {
                    // The first round warms up.
                    events.Add(Contender.Ours, rate).Add(Plain, raw);
                    both.Add(Contender.Ours, rate).Add(Plain, rawBoth);
                    batches.Add(rowsPerTransaction);
                }
            }

            session.Add("XML over TCP to committed history, one subscriber, rows/s; beside events alone", events);
            session.Add("the same, beside events and snapshots", both, Budget.AtLeastOfPeer(0.5));
            session.Add("rows a transaction", Series.Ours(batches));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static async Task<(double Rate, double RowsPerTransaction)> OursAsync(string data)
    {
        await using var tree = await TreeUnderTest.StartAsync(data);
        using var stop = new CancellationTokenSource();
        var told = FollowAsync(tree.Live, stop.Token);
        var bytes = Xml();
        var watch = Stopwatch.StartNew();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(tree.Feeds.XmlEndPoint);
            var stream = client.GetStream();
            await stream.WriteAsync(bytes);
            client.Client.Shutdown(SocketShutdown.Send);
            _ = await stream.ReadAsync(new byte[1]);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        await told;
        return (Elements / seconds, tree.History.Figures.RowsPerTransaction);
    }

    /// <summary>Follows all entities until it has seen every change.</summary>
    private static async Task FollowAsync(Core.Live.LiveConnections live, CancellationToken cancel)
    {
        var since = live.Events.Head;
        for (var seen = 0; seen < Elements;)
        {
            var page = await live.ReadAsync(
                new EventQuery(since, EventQuery.DefaultTimeout, EventQuery.MaxLimit, TopicFilter.Everything), cancel);
            seen += page.Events.Count;
            since = page.Next;
            if (page.Reset || page.Events.Count == 0)
            {
                throw new InvalidOperationException($"The subscriber lost its place after {seen} events.");
            }
        }
    }

    private static byte[] Xml()
    {
        var text = new StringBuilder();
        for (var n = 0; n < Elements; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<event><sensor id=\"room_{n % Entities}\" state=\"{n}.5\" unit=\"°C\" area=\"Hall\"/></event>\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static double Raw(string file, bool snapshots)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode=WAL");
        Execute(connection, "PRAGMA synchronous=NORMAL");
        Execute(connection, "CREATE TABLE events (seq INTEGER PRIMARY KEY, time INTEGER, topic TEXT, type TEXT, version INTEGER, state TEXT, number REAL, data TEXT)");
        Execute(connection, "CREATE TABLE entities (id TEXT PRIMARY KEY, version INTEGER, data TEXT) WITHOUT ROWID");
        using var insert = Prepare(connection, "INSERT INTO events VALUES ($0, $1, $2, $3, $4, $5, $6, $7)", 8);
        using var upsert = Prepare(
            connection, "INSERT INTO entities VALUES ($0, $1, $2) ON CONFLICT (id) DO UPDATE SET version = excluded.version, data = excluded.data", 3);
        var watch = Stopwatch.StartNew();
        for (var n = 0; n < Elements;)
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = upsert.Transaction = transaction;
            for (var end = Math.Min(n + RawBatch, Elements); n < end; n++)
            {
                InsertRow(insert, snapshots ? upsert : null, n);
            }

            transaction.Commit();
        }

        return Elements / watch.Elapsed.TotalSeconds;
    }

    private static void InsertRow(SqliteCommand insert, SqliteCommand? upsert, int n)
    {
        var id = $"sensor.room_{n % Entities}";
        var state = string.Create(CultureInfo.InvariantCulture, $"{n}.5");
        var data = $$"""{"id":"{{id}}","state":{{state}},"attributes":{},"name":null,"area":"Hall","unit":"°C","class":null,"virtual":false,"available":true,"version":{{n}},"changed":"2026-01-01T00:00:00.000000Z","updated":"2026-01-01T00:00:00.000000Z"}""";
        Set(insert, n + 1L, 1_790_000_000_000_000L + n, "entities/" + id, "changed", (long)n, state, n + 0.5, data);
        insert.ExecuteNonQuery();
        if (upsert is not null)
        {
            Set(upsert, id, (long)n, data);
            upsert.ExecuteNonQuery();
        }
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"${i}"), null));
        }

        return command;
    }

    private static void Set(SqliteCommand command, params object[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = Prepare(connection, sql, 0);
        command.ExecuteNonQuery();
    }
}
