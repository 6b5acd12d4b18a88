using System.Globalization;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Values;

namespace AllInOne.Benchmarks.Jobs;

/// <summary>The delay of the start of runs with committed records: 1,000 jobs, a hundred of which are due at the same time in each second.</summary>
internal static class Lateness
{
    private const int Jobs = 1000;
    private const int Least = 10;

    public static void Run(Session session)
    {
        var (middle, slow) = (new List<double>(), new List<double>());
        for (var round = 0; round < session.Rounds; round++)
        {
            var (p50, p99) = MeasureAsync(Math.Max(session.Seconds, Least)).GetAwaiter().GetResult();
            middle.Add(p50);
            slow.Add(p99);
        }

        session.Add("lateness at 100 due a second, p50, ms", Series.Ours(middle));
        session.Add("lateness at 100 due a second, p99, ms", Series.Ours(slow), Budget.AtMost(50));
    }

    private static async Task<(double P50, double P99)> MeasureAsync(int seconds)
    {
        var data = Directory.CreateTempSubdirectory("allinone-jobs-");
        try
        {
            await using var tree = await TreeUnderTest.StartAsync(data.FullName);
            await tree.Readiness.WhenReady("jobs");
            await Task.WhenAll(Enumerable.Range(0, Jobs).Select(n =>
            {
                var cron = JobSchedule.Cron.Parse(string.Create(CultureInfo.InvariantCulture, $"{n % 10}/10 * * * * ?"), null).Schedule!;
                return tree.Jobs.Definitions.PutAsync(JobId.Parse($"job-{n}"), JobDefinition.Of(new JobAction.None(), cron), VersionCondition.None, CancellationToken.None);
            }));

            // The figures are of the last 1,024 runs. After this delay these are about the last ten seconds, so runs during the compilation
            // of the code do not count.
            await Task.Delay(TimeSpan.FromSeconds(seconds + Least + 2));
            var figures = tree.Jobs.Figures;
            return (figures.LatenessP50Ms, figures.LatenessP99Ms);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
