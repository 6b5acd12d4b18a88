using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;

namespace AllInOne.Benchmarks.Storage;

/// <summary>
/// Documents of about 200 bytes, each acknowledged when it is on the disk, for 64 clients that wait for it: in process beside plain
/// SQLite with one transaction for each row, and over HTTP beside a bare handler that stores nothing. The same with LiteDB as the engine, beside ours on
/// SQLite.
/// </summary>
internal static class Documents
{
    /// <summary>The peer over HTTP, in a separate process: it reads the body and answers as our server does, from memory.</summary>
    public const string Bare = "storage.documents-bare";

    private const int Clients = 64;
    private const int PlainRows = 10_000;
    private const int WarmUpSeconds = 10;
    private const string OnSqlite = "ours on SQLite";

    private static readonly string Data = $$"""{"text":"{{new string('x', 160)}}","n":1}""";

    public static void Run(Session session)
    {
        InProcess(session);
        OverHttp(session);
    }

    public static IEnumerable<Reading> Serve(string[] arguments)
    {
        _ = arguments;
        var answer = Encoding.UTF8.GetBytes($$"""{"id":"01890000-0000-7000-8000-000000000000","version":1,{{Data[1..]}}""");
        return BareKestrel.Serve(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            context.Response.StatusCode = 201;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.BodyWriter.WriteAsync(answer);
        });
    }

    private static void InProcess(Session session)
    {
        var root = Directory.CreateTempSubdirectory("allinone-documents-");
        try
        {
            var (rates, latencies, commits, batches) = (new Series(), new List<double>(), new List<double>(), new List<double>());
            var (lites, liteLatencies, liteReads) = (new Series(), new List<double>(), new List<double>());
            for (var round = 0; round <= session.Rounds; round++)
            {
                var ours = OursAsync(Path.Combine(root.FullName, $"ours{round}"), session.Seconds, DocumentEngineName.Sqlite).GetAwaiter().GetResult();
                var lite = OursAsync(Path.Combine(root.FullName, $"lite{round}"), session.Seconds, DocumentEngineName.LiteDb).GetAwaiter().GetResult();
                var plain = PlainSqlite.Insert(Path.Combine(root.FullName, $"plain{round}.db"), PlainRows, Data, batch: 1);
                if (round > 0)
                {
                    // The first round warms up.
                    rates.Add(Contender.Ours, ours.Rate).Add(PlainSqlite.Name, plain);
                    lites.Add(Contender.Ours, lite.Rate).Add(OnSqlite, ours.Rate);
                    liteLatencies.Add(lite.P99);
                    liteReads.Add(lite.Reads);
                    latencies.Add(ours.P99);
                    commits.Add(ours.Writer.CommitP50Ms);
                    batches.Add(ours.Writer.RowsPerTransaction);
                }
            }

            session.Add("in process, 64 clients, documents/s, FULL; beside a transaction a row", rates, Budget.AtLeastOfPeer(20));
            session.Add("in process: p99 of one, ms", Series.Ours(latencies));
            session.Add("in process: p50 of a transaction, ms", Series.Ours(commits));
            session.Add("in process: rows a transaction", Series.Ours(batches));
            session.Add("LiteDB, in process, 64 clients, documents/s", lites, Budget.AtLeastOfPeer(0.35));
            session.Add("LiteDB, in process: p99 of one, ms", Series.Ours(liteLatencies));
            session.Add("LiteDB, in process: point reads, 64 clients, a second", Series.Ours(liteReads), Budget.AtLeast(20_000));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static async Task<(double Rate, double P99, double Reads, WriterFigures Writer)> OursAsync(string data, int seconds, DocumentEngineName engine)
    {
        await using var tree = await TreeUnderTest.StartAsync(data, options => options.Documents.Engine = engine);
        var documents = tree.Documents;
        var collection = (await documents.FindOrMakeAsync(CollectionName.Parse("orders"), CancellationToken.None))!;
        var (body, wrong) = DocumentBody.Read(Encoding.UTF8.GetBytes(Data), documents.Options);
        _ = wrong is null ? true : throw new InvalidOperationException(wrong);
        var ids = new ConcurrentQueue<DocumentId>();
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            var own = new List<double>();
            for (var before = watch.Elapsed; before.TotalSeconds < seconds; before = watch.Elapsed)
            {
                var (stored, _) = (await documents.InsertAsync(collection, [body!], CancellationToken.None))!.Value;
                ids.Enqueue(stored[0].Id);
                own.Add((watch.Elapsed - before).TotalMilliseconds);
            }

            return own;
        })));
        var all = times.SelectMany(own => own).Order().ToList();
        var rate = all.Count / watch.Elapsed.TotalSeconds;
        var stored = await documents.CountAsync(collection, CancellationToken.None);
        var reads = await ReadsAsync(documents, collection, [.. ids], seconds);
        return stored == all.Count
            ? (rate, Statistics.Percentile(all, 99), reads, tree.Writers[0].Figures)
            : throw new InvalidOperationException($"{all.Count} were acknowledged and {stored} are there.");
    }

    private static async Task<double> ReadsAsync(DocumentStore documents, Collection collection, DocumentId[] ids, int seconds)
    {
        var watch = Stopwatch.StartNew();
        var done = await Task.WhenAll(Enumerable.Range(0, Clients).Select(n => Task.Run(async () =>
        {
            var (random, own) = (new Random(n), 0L);
            for (; watch.Elapsed.TotalSeconds < seconds; own++)
            {
                _ = await documents.GetAsync(collection, ids[random.Next(ids.Length)], CancellationToken.None)
                    ?? throw new InvalidOperationException("A document is missing.");
            }

            return own;
        })));
        return done.Sum() / watch.Elapsed.TotalSeconds;
    }

    private static void OverHttp(Session session)
    {
        var (rates, lites, slowest) = (new Series(), new Series(), new Series());
        for (var round = 0; round < session.Rounds; round++)
        {
            using (var server = new ServerUnderTest())
            {
                var url = new Uri(server.Http.BaseAddress!, "/api/collections/orders/documents").ToString();
                if (Measure(Contender.Ours, url) is not { } rate)
                {
                    session.Note("wrk is not installed (apt-get install wrk): nothing was measured over HTTP.");
                    return;
                }

                rates.Add(Contender.Ours, rate);
                lites.Add(OnSqlite, rate);
            }

            using (var server = new ServerUnderTest("--Documents:Engine=LiteDb"))
            {
                lites.Add(Contender.Ours, Measure("LiteDB", new Uri(server.Http.BaseAddress!, "/api/collections/orders/documents").ToString())!.Value);
            }

            using var peer = new PeerServer(Bare);
            rates.Add(BareKestrel.Name, Measure(BareKestrel.Name, $"http://127.0.0.1:{peer.Port}/")!.Value);
        }

        session.Add("over HTTP, 64 connections, documents/s; beside a handler that keeps nothing", rates, Budget.AtLeastOfPeer(0.3));
        session.Add("LiteDB, over HTTP, 64 connections, documents/s", lites, Budget.AtLeastOfPeer(0.35));
        session.Add("over HTTP: p99, ms", slowest);

        double? Measure(string contender, string url)
        {
            // The compilation of the code must not be part of the measurement.
            if (Wrk.Run(url, WarmUpSeconds, Data) is null || Wrk.Run(url, session.Seconds, Data) is not { } measured)
            {
                return null;
            }

            slowest.Add(contender, measured.P99);
            return measured.Rate;
        }
    }
}
