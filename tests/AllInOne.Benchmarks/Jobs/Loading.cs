using System.Diagnostics;
using System.Globalization;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Values;

namespace AllInOne.Benchmarks.Jobs;

/// <summary>The time from the start of the tree until 100,000 definitions are restored and Quartz has the times of all of them.</summary>
internal static class Loading
{
    private const int Jobs = 100_000;

    public static void Run(Session session)
    {
        var data = Directory.CreateTempSubdirectory("allinone-jobs-");
        try
        {
            FillAsync(data.FullName).GetAwaiter().GetResult();
            var seconds = new List<double>();
            for (var round = 0; round < session.Rounds; round++)
            {
                seconds.Add(StartAsync(data.FullName).GetAwaiter().GetResult());
            }

            session.Add("100,000 definitions back at a start, s", Series.Ours(seconds), Budget.AtMost(3));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task FillAsync(string data)
    {
        await using var tree = await TreeUnderTest.StartAsync(data);
        await tree.Readiness.WhenReady("jobs");
        foreach (var some in Enumerable.Range(0, Jobs).Chunk(1000))
        {
            await Task.WhenAll(some.Select(n =>
            {
                var cron = JobSchedule.Cron.Parse(string.Create(CultureInfo.InvariantCulture, $"{n % 60} {n / 60 % 24} * * *"), "Europe/Zagreb").Schedule!;
                var action = new JobAction.Http(
                    "POST", new Uri("http://127.0.0.1:8080/report"), new Dictionary<string, string> { ["X-Report"] = "daily" }, null, []);
                return tree.Jobs.Definitions.PutAsync(JobId.Parse($"report-{n}"), JobDefinition.Of(action, cron), VersionCondition.None, CancellationToken.None);
            }));
        }
    }

    private static async Task<double> StartAsync(string data)
    {
        var watch = Stopwatch.StartNew();
        await using var tree = await TreeUnderTest.StartAsync(data);
        await tree.Readiness.WhenReady("jobs");
        return watch.Elapsed.TotalSeconds;
    }
}
