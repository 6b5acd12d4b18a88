using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

/// <summary>Concurrent clients on few keys, while shards crash: each key's history must have an order that explains all answers.</summary>
public sealed class LinearizabilityTests
{
    private const int Clients = 4;
    private const int Rounds = 12;

    [Fact]
    public void The_check_finds_impossible_histories()
    {
        // A read sees a value that was overwritten before the read began.
        Assert.False(Histories.IsLinearizable([new(1, 2, 7, null, null, null), new(3, 4, 8, null, null, null), new(5, 6, null, null, null, 7)]));
        Assert.True(Histories.IsLinearizable([new(1, 2, 7, null, null, null), new(3, 9, 8, null, null, null), new(5, 6, null, null, null, 7)]));
        // Two operations both set the value that only one of them could find.
        Assert.False(Histories.IsLinearizable([new(1, 9, null, 0, 5, 1), new(2, 8, null, 0, 6, 1)]));
        // A write was not answered, but a read saw its value: it has happened.
        Assert.True(Histories.IsLinearizable([new(1, long.MaxValue, 7, null, null, null), new(3, 4, null, null, null, 7)]));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task Each_key_is_one_register_for_all(int seed, bool crashes)
    {
        await using var work = await StateAtWork.StartAsync();
        for (var round = 0; round < 40; round++)
        {
            string[] keys = [$"{seed}:{round}:a", $"{seed}:{round}:b"];
            foreach (var key in keys)
            {
                await work.PutAsync(key, "0");
            }

            var acting = Enumerable.Range(0, Clients).Select(client =>
                Task.Run(() => ActAsync(work, keys, new Random((seed * 1000) + (round * 10) + client), client))).ToList();
            for (var shard = 0; crashes && shard < work.Options.ShardCount; shard++)
            {
                await work.RestartAsync($"/user/state/{shard}");
            }

            var histories = await Task.WhenAll(acting);

            foreach (var key in keys)
            {
                var history = histories.SelectMany(one => one).Where(one => one.Key == key).Select(one => one.Act).ToList();
                Assert.True(Histories.IsLinearizable(history), $"{key} of seed {seed}:\n{string.Join('\n', history.OrderBy(act => act.Begin))}");
            }
        }
    }

    private static async Task<List<(string Key, Act Act)>> ActAsync(StateAtWork work, string[] keys, Random random, int client)
    {
        var acts = new List<(string, Act)>();
        for (var n = 0; n < Rounds; n++)
        {
            var key = keys[random.Next(keys.Length)];
            var value = ((client + 1) * 100) + n;
            var found = work.Store.Find(Key(key))!;
            var begin = System.Diagnostics.Stopwatch.GetTimestamp();
            switch (random.Next(3))
            {
                case 0:
                    var read = work.Store.Find(Key(key))!.As<int>();
                    acts.Add((key, new Act(begin, System.Diagnostics.Stopwatch.GetTimestamp(), null, null, null, read)));
                    break;
                case 1:
                    await work.PutAsync(key, $"{value}", durable: random.Next(4) == 0);
                    acts.Add((key, new Act(begin, System.Diagnostics.Stopwatch.GetTimestamp(), value, null, null, null)));
                    break;
                default:
                    var condition = new VersionCondition(new VersionSet(false, [found.Version]), null);
                    var set = await work.Store.ApplyAsync(StateOperation.Put(Key(key), StateAtWork.Json($"{value}"), condition: condition));
                    acts.Add((key, new Act(begin, System.Diagnostics.Stopwatch.GetTimestamp(), null, found.As<int>(), value, set.IsDone ? 1 : 0)));
                    break;
            }
        }

        return acts;
    }
}
