using System.Diagnostics;
using System.Globalization;
using AllInOne.Core.State.Operations;
using Xunit.Abstractions;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

public sealed class StateSoakTests(ITestOutputHelper output)
{
    private const int Keys = 10_000_000;
    private const int Lot = 1000;

    private static readonly byte[] Value = StateAtWork.Json("""{"user":"ann","visits":17}""");

    /// <summary>Ten million sessions that expire after a second each: at the end the memory is at most a fifth above its start.</summary>
    [Fact]
    [Trait("Category", "Soak")]
    public async Task Memory_is_released_after_ten_million_keys_have_expired()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.WriteInterval = TimeSpan.FromMilliseconds(100));
        await PutAsync(work, 0, 300_000);
        await GoneAsync(work);
        var before = Resident();
        var watch = Stopwatch.StartNew();
        var most = 0;
        for (var first = 0; first < Keys; first += 100_000)
        {
            await PutAsync(work, first, 100_000);
            most = Math.Max(most, work.Store.Figures.Sum(shard => shard.Keys));
        }

        output.WriteLine($"{Keys} keys in {watch.Elapsed}, at most {most} at a time");
        await GoneAsync(work);
        var after = await ResidentOnceGivenBackAsync(before);
        output.WriteLine($"resident: {before} MB before, {after} MB after; {GC.GetTotalMemory(forceFullCollection: true) / 1_048_576} MB of objects");

        Assert.Equal(Keys + 300_000, work.Store.Figures.Sum(shard => shard.Expired));
        Assert.True(IsBack(after, before), $"{after} MB after {before} MB");
    }

    private static async Task PutAsync(StateAtWork work, int first, int count)
    {
        foreach (var lot in Enumerable.Range(first, count).Chunk(Lot))
        {
            await work.Store.ApplyEachAsync(
                [.. lot.Select(n => StateOperation.Put(Key(string.Create(CultureInfo.InvariantCulture, $"session:{n}")), Value, TimeSpan.FromSeconds(1)))]);
        }
    }

    private static async Task GoneAsync(StateAtWork work)
    {
        // A loop of its own, because the sweep and the writer may take longer than the usual time limit of a wait.
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (work.Store.Figures.Sum(shard => shard.Keys + shard.Unwritten) > 0 || work.Storage.State.Writer.Queue.Rows > 0)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), string.Join(", ", work.Store.Figures));
            await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>The tables release their memory at a beat after the last key has gone. No figure shows this.</summary>
    private static async Task<long> ResidentOnceGivenBackAsync(long before)
    {
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var resident = Resident();
        while (!IsBack(resident, before) && watch.Elapsed < TimeSpan.FromSeconds(10))
        {
            await pause.WaitForNextTickAsync();
            resident = Resident();
        }

        return resident;
    }

    private static bool IsBack(long resident, long before) => resident <= before * 1.2;

    /// <summary>The memory of the process in MB, after it has released as much as possible.</summary>
    private static long Resident()
    {
        for (var n = 0; n < 3; n++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / 1_048_576;
    }
}
