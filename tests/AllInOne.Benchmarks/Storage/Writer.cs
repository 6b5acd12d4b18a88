using System.Diagnostics;
using System.Text;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Benchmarks.Storage;

/// <summary>
/// Rows through the queue and the batching writer to an acknowledged commit, beside the plain insertion of the same rows in batches
/// of 1,000; both with <c>synchronous=FULL</c>. Rounds alternate; the medians are reported.
/// </summary>
internal static class Writer
{
    private const int Rows = 400_000;

    // About 200 bytes of JSON.
    private static readonly string Data = $$"""{"id":"order-1","text":"{{new string('x', 160)}}","n":1}""";

    public static void Run(Session session)
    {
        var root = Directory.CreateTempSubdirectory("allinone-writer-");
        try
        {
            var (rates, batches) = (new Series(), new List<double>());
            for (var round = 0; round <= session.Rounds; round++)
            {
                var (rate, rowsPerTransaction) = OursAsync(Path.Combine(root.FullName, $"ours{round}")).GetAwaiter().GetResult();
                var plain = PlainSqlite.Insert(Path.Combine(root.FullName, $"plain{round}.db"), Rows, Data);
                if (round > 0)
                {
                    // The first round warms up.
                    rates.Add(Contender.Ours, rate).Add(PlainSqlite.Name, plain);
                    batches.Add(rowsPerTransaction);
                }
            }

            session.Add("rows acknowledged, rows/s, FULL, beside batches of 1,000", rates, Budget.AtLeastOfPeer(0.7));
            session.Add("rows a transaction", Series.Ours(batches));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static async Task<(double Rate, double RowsPerTransaction)> OursAsync(string path)
    {
        using var directory = DataDirectory.Claim(path);
        var options = new StorageOptions();
        var schema = new SqliteSchema("CREATE TABLE rows (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT");
        using var database = Database.Open(new SqliteFile(directory.File("rows.db"), schema, Durability.Full), options, TimeProvider.System);
        var (writer, readiness) = (database.Writer, new Readiness());
        var system = ActorSystem.Create("writer");
        system.ActorOf(Props.Create(() => new WriterActor(writer, options, readiness, "rows", NullLogger.Instance)), "rows");
        var data = Encoding.UTF8.GetBytes(Data);
        var watch = Stopwatch.StartNew();
        for (var n = 0; n < Rows; n++)
        {
            if (!writer.Queue.HasRoom)
            {
                await writer.Queue.WaitForRoomAsync(CancellationToken.None);
            }

            writer.Queue.Enqueue(new InsertRow(n, data, null));
        }

        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        writer.Queue.Enqueue(new InsertRow(Rows, data, last));
        await last.Task;
        var seconds = watch.Elapsed.TotalSeconds;
        var figures = writer.Figures();
        await system.Terminate();
        return (Rows / seconds, figures.RowsPerTransaction);
    }

    private sealed class InsertRow(int id, byte[] data, TaskCompletionSource? done) : WriteOperation<SqliteSession>(default)
    {
        public override int Bytes => data.Length;

        public override void Apply(SqliteSession session) =>
            session["INSERT INTO rows VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING"].Bind(1, id).Bind(2, data).Run();

        public override void Answer() => done?.SetResult();

        public override void Refuse(string reason) => done?.SetException(new InvalidOperationException(reason));
    }
}
