using System.Diagnostics;
using System.Globalization;
using System.Text;
using AllInOne.Core;
using AllInOne.Core.State;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;

namespace AllInOne.Benchmarks.State;

/// <summary>
/// 100,000 keys in the process, in the whole tree, with write-behind all the time: reads, and writes that some callers await one by one, in
/// batches of 64, or apply together in one call. Then a million keys that are restored at a start.
/// </summary>
internal static class InProcess
{
    private const int Keys = 100_000;
    private const int Million = 1_000_000;
    private const int Readers = 2;
    private const int Callers = 64;
    private const int Lot = 64;
    private const int Tellers = 16;
    private const int Together = 256;

    private static readonly StateKey[] Names = [.. Enumerable.Range(0, Keys).Select(Name)];
    private static readonly StateKey TheOne = StateKey.Parse("k");
    private static readonly byte[] Value = Encoding.UTF8.GetBytes("""{"user":"ann","visits":17}""");

    public static void Run(Session session)
    {
        var root = Directory.CreateTempSubdirectory("allinone-state-");
        try
        {
            var (gets, puts, lots, together) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round <= session.Rounds; round++)
            {
                var (get, put, lot, each) = MeasureAsync(Path.Combine(root.FullName, $"keys{round}"), session.Seconds).GetAwaiter().GetResult();
                if (round > 0)
                {
                    // The first round warms up.
                    gets.Add(get);
                    puts.Add(put);
                    lots.Add(lot);
                    together.Add(each);
                }
            }

            session.Add($"get, {Readers} threads, a second", Series.Ours(gets), Budget.AtLeast(5_000_000));
            session.Add($"put, {Callers} callers that await each, a second", Series.Ours(puts));
            session.Add($"put, {Callers} callers that await lots of {Lot}, a second", Series.Ours(lots));
            session.Add($"put, {Tellers} callers that tell {Together} together, a second", Series.Ours(together), Budget.AtLeast(1_000_000));
            session.Add($"push and pop at a list of {Keys:N0}, a second", Series.Ours(ArrayAsync(
                Path.Combine(root.FullName, "list"), session, element => StateOperation.Push(TheOne, element), _ => StateOperation.Pop(TheOne)).GetAwaiter().GetResult()));
            session.Add($"add and remove at a set of {Keys:N0}, a second", Series.Ours(ArrayAsync(
                Path.Combine(root.FullName, "set"), session, member => StateOperation.Add(TheOne, member), member => StateOperation.Remove(TheOne, member)).GetAwaiter().GetResult()));
            var restored = RestoreAsync(Path.Combine(root.FullName, "million"), session.Rounds).GetAwaiter().GetResult();
            session.Add("a million keys back at a start, s", Series.Ours(restored), Budget.AtMost(5));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static async Task<(double Get, double Put, double Lot, double Together)> MeasureAsync(string data, int seconds)
    {
        await using var tree = await StartAsync(data);
        var state = tree.State;
        foreach (var lot in Names.Chunk(1000))
        {
            await Task.WhenAll(lot.Select(name => state.ApplyAsync(StateOperation.Put(name, Value)).AsTask()));
        }

        var get = await RateAsync(seconds, Readers, (watch, random) => Task.FromResult(Get(state, seconds, watch, random)));
        var put = await RateAsync(seconds, Callers, (watch, random) => PutAsync(state, seconds, watch, random));
        var lots = await RateAsync(seconds, Callers, (watch, random) => PutLotsAsync(state, seconds, watch, random));
        var together = await RateAsync(seconds, Tellers, (watch, random) => PutTogetherAsync(state, seconds, watch, random));
        return (get, put, lots, together);

        static async Task<double> RateAsync(int seconds, int callers, Func<Stopwatch, Random, Task<long>> work)
        {
            var watch = Stopwatch.StartNew();
            var done = await Task.WhenAll(Enumerable.Range(0, callers).Select(n => Task.Run(() => work(watch, new Random(n)))));
            return done.Sum() / watch.Elapsed.TotalSeconds;
        }
    }

    private static long Get(StateStore state, int seconds, Stopwatch watch, Random random)
    {
        var done = 0L;
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            for (var n = 0; n < 1000; n++)
            {
                _ = state.Find(Names[random.Next(Keys)]) ?? throw new InvalidOperationException("A key is missing.");
            }

            done += 1000;
        }

        return done;
    }

    private static async Task<long> PutAsync(StateStore state, int seconds, Stopwatch watch, Random random)
    {
        var done = 0L;
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            for (var n = 0; n < 100; n++)
            {
                await state.ApplyAsync(StateOperation.Put(Names[random.Next(Keys)], Value));
            }

            done += 100;
        }

        return done;
    }

    private static async Task<long> PutLotsAsync(StateStore state, int seconds, Stopwatch watch, Random random)
    {
        var done = 0L;
        var lot = new ValueTask<StateResult>[Lot];
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            for (var n = 0; n < Lot; n++)
            {
#pragma warning disable CA2012 // Each is awaited once, below.
                lot[n] = state.ApplyAsync(StateOperation.Put(Names[random.Next(Keys)], Value));
#pragma warning restore CA2012
            }

            foreach (var one in lot)
            {
                await one;
            }

            done += Lot;
        }

        return done;
    }

    private static async Task<long> PutTogetherAsync(StateStore state, int seconds, Stopwatch watch, Random random)
    {
        var done = 0L;
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            await state.ApplyEachAsync([.. Enumerable.Range(0, Together).Select(_ => StateOperation.Put(Names[random.Next(Keys)], Value))]);
            done += Together;
        }

        return done;
    }

    private static async Task<List<double>> ArrayAsync(
        string data,
        Session session,
        Func<IReadOnlyList<ReadOnlyMemory<byte>>, StateOperation> put,
        Func<IReadOnlyList<ReadOnlyMemory<byte>>, StateOperation> take)
    {
        await using var tree = await StartAsync(data);
        foreach (var lot in Enumerable.Range(10_000_000, Keys).Chunk(1000))
        {
            await tree.State.ApplyAsync(put([.. lot.Select(Element)]));
        }

        var rates = new List<double>();
        for (var round = 0; round <= session.Rounds; round++)
        {
            var (watch, done) = (Stopwatch.StartNew(), 0);
            while (watch.Elapsed.TotalSeconds < session.Seconds)
            {
                IReadOnlyList<ReadOnlyMemory<byte>> one = [Element(20_000_000 + done)];
                await tree.State.ApplyAsync(put(one));
                await tree.State.ApplyAsync(take(one));
                done += 2;
            }

            if (round > 0)
            {
                rates.Add(done / watch.Elapsed.TotalSeconds);
            }
        }

        return rates;

        static ReadOnlyMemory<byte> Element(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task FillAsync(string data)
    {
        await using var tree = await StartAsync(data);
        foreach (var lot in Enumerable.Range(0, Million).Chunk(1000))
        {
            await tree.State.ApplyEachAsync(
                [.. lot.Select(n => StateOperation.Put(Name(n), Value))]);
        }
    }

    private static async Task<List<double>> RestoreAsync(string data, int rounds)
    {
        await FillAsync(data);
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            await using var tree = await StartAsync(data);
            times.Add(watch.Elapsed.TotalSeconds);
            _ = tree.State.Find(Name(Million - 1)) ?? throw new InvalidOperationException("A key is missing.");
        }

        return times;
    }

    private static StateKey Name(int number) => StateKey.Parse(string.Create(CultureInfo.InvariantCulture, $"session:{number}"));

    private static async Task<SystemTree> StartAsync(string data)
    {
        var tree = await TreeUnderTest.StartAsync(data);
        await tree.Readiness.WhenReady(StateModule.Name);
        return tree;
    }
}
