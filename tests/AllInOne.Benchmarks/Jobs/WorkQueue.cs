using System.Diagnostics;
using AllInOne.Core;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Values;

namespace AllInOne.Benchmarks.Jobs;

/// <summary>
/// The rate at which 64 clients in the process enqueue items for a paused job, each awaiting its commit. Then, once the job is resumed, the
/// rate of runs that do nothing, each with its record.
/// </summary>
internal static class WorkQueue
{
    private const int Clients = 64;
    private const int Items = 40_000;
    private const int Concurrency = 256;

    public static void Run(Session session)
    {
        var (enqueued, done) = (new List<double>(), new List<double>());
        for (var round = 0; round <= session.Rounds; round++)
        {
            var (enqueues, runs) = MeasureAsync(session.Seconds).GetAwaiter().GetResult();
            if (round > 0)
            {
                // The first round warms up.
                enqueued.Add(enqueues);
                done.Add(runs);
            }
        }

        session.Add($"durable enqueues, {Clients} clients that await each, a second", Series.Ours(enqueued), Budget.AtLeast(10_000));
        session.Add("runs that do nothing, with their records, a second", Series.Ours(done), Budget.AtLeast(5_000));
    }

    private static async Task<(double Enqueues, double Runs)> MeasureAsync(int seconds)
    {
        var data = Directory.CreateTempSubdirectory("allinone-jobs-");
        try
        {
            await using var tree = await TreeUnderTest.StartAsync(data.FullName);
            await tree.Readiness.WhenReady("jobs");
            var definition = JobDefinition.Of(new JobAction.None()) with { Concurrency = Concurrency };
            await tree.Jobs.Definitions.PutAsync(JobId.Parse("work"), definition, VersionCondition.None, CancellationToken.None);
            await tree.Jobs.Definitions.PauseAsync([JobId.Parse("work")], true, CancellationToken.None);
            var enqueues = await EnqueueAsync(tree, seconds);
            return (enqueues, await RunAsync(tree.Jobs));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<double> EnqueueAsync(SystemTree tree, int seconds)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var count = 0;
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                _ = (EnqueueResult.Stored)await tree.Jobs.Queues.EnqueueAsync(JobId.Parse("work"), "{\"to\":\"ann\"}"u8.ToArray(), TimeSpan.Zero, null, CancellationToken.None);
                count++;
            }

            return count;
        })));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> RunAsync(JobStore jobs)
    {
        var counters = jobs.CountersOf(JobId.Parse("work"));
        var count = Math.Min(Items, counters.Queued);
        var watch = Stopwatch.StartNew();
        await jobs.Definitions.PauseAsync([JobId.Parse("work")], false, CancellationToken.None);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (counters.Completed(RunOutcome.Succeeded) < count)
        {
            await look.WaitForNextTickAsync();
        }

        return counters.Completed(RunOutcome.Succeeded) / watch.Elapsed.TotalSeconds;
    }
}
