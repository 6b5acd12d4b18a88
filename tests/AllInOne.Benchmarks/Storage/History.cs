using System.Diagnostics;
using System.Globalization;
using System.Text;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Benchmarks.Storage;

/// <summary>
/// Ten million events of a thousand entities over thirty days, written by the store itself: the last day of an entity, its pages, its steps,
/// and the longest time for which retention holds the file.
/// </summary>
internal static class History
{
    private const int Events = 10_000_000;
    private const int Entities = 1_000;
    private const int Sweeps = 200;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Span = TimeSpan.FromDays(30);

    public static void Run(Session session)
    {
        var root = Directory.CreateTempSubdirectory("allinone-history-");
        try
        {
            using var directory = DataDirectory.Claim(root.FullName);
            using var history = HistoryStore.Open(directory, new StorageOptions { QueueRows = 20_000 }, TimeProvider.System);
            session.Add("filling, rows/s", Series.Ours([Fill(history)]));
            MeasureAsync(session, history).GetAwaiter().GetResult();
            session.Add("longest of the transactions of retention, ms", Series.Ours([LongestSweep(history)]), Budget.AtMost(50));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static double Fill(HistoryStore history)
    {
        var encoder = new EventEncoder();
        var ids = Enumerable.Range(0, Entities).Select(n => EntityId.Parse(string.Create(CultureInfo.InvariantCulture, $"sensor.room_{n}"))).ToArray();
        var watch = Stopwatch.StartNew();
        for (var n = 1; n <= Events; n++)
        {
            var id = ids[n % Entities].Value;
            var data = Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","state":{{n}}.5,"attributes":{},"area":"Hall","unit":"°C","version":{{n}}}""");
            var state = JsonText.FromText(string.Create(CultureInfo.InvariantCulture, $"{n}.5"));
            var entry = encoder.Encode(Start + (Span / Events * n), $"entities/{id}", "changed", data).Number(n);
            history.Append(new AppendEvent(entry, new EntityRow(ids[n % Entities], n, entry.Data, state), default));
            if (!history.HasRoom)
            {
                Write(history);
            }
        }

        Write(history);
        return Events / watch.Elapsed.TotalSeconds;
    }

    // This writes without the actor, because the figures are those of the file.
    private static double Write(HistoryStore history)
    {
        var longest = 0.0;
        while (history.Writer.Queue.Take() is { } batch)
        {
            var outcome = history.Writer.Write(batch);
            if (outcome.Fault is { } fault)
            {
                throw fault;
            }

            history.Writer.Settle(outcome, broken => throw broken);
            longest = Math.Max(longest, outcome.Elapsed.TotalMilliseconds);
            if (history.Writer.Checkpointer.IsDue(quiet: false))
            {
                history.Writer.Checkpointer.Run();
            }
        }

        return longest;
    }

    private static async Task MeasureAsync(Session session, HistoryStore history)
    {
        var (day, page, steps) = (new List<double>(), new List<double>(), new List<double>());
        var to = Start + Span;
        for (var round = 0; round < session.Rounds * 10; round++)
        {
            var id = EntityId.Parse(string.Create(CultureInfo.InvariantCulture, $"sensor.room_{round * 37 % Entities}"));
            day.Add(await TimeAsync(() => history.ReadHistoryAsync(id, to.AddDays(-1), to, 1000, null, CancellationToken.None)));
            page.Add(await TimeAsync(() => history.ReadHistoryAsync(id, Start, to, 1000, null, CancellationToken.None)));
            steps.Add(await TimeAsync(() => history.ReadStepsAsync(id, Start, to, TimeSpan.FromHours(1), 1000, null, CancellationToken.None)));
        }

        session.Add("an entity's last day, ms", Series.Ours(day), Budget.AtMost(50), worst: true);
        session.Add("a page of 1,000 from the start, ms", Series.Ours(page));
        session.Add("thirty days in steps of an hour, ms", Series.Ours(steps));
    }

    private static async Task<double> TimeAsync(Func<Task> read)
    {
        var watch = Stopwatch.StartNew();
        await read();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double LongestSweep(HistoryStore history)
    {
        var longest = 0.0;
        for (var n = 0; n < Sweeps; n++)
        {
            _ = history.SweepAsync(Start + Span, new HistoryOptions().SweepRows, CancellationToken.None);
            longest = Math.Max(longest, Write(history));
        }

        return longest;
    }
}
