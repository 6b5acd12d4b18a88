using System.Globalization;
using System.Text;
using AllInOne.Core.State;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

/// <summary>
/// Random operations compared with a plain model that is obviously right: the same outcomes and the same values, also after restarts of shards and
/// of the whole state, and with values that expire.
/// </summary>
public sealed class StateModelTests
{
    private static readonly string[] Keys = ["a", "b", "{t}:1", "{t}:2", "c:{t}"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_operations_give_the_same_result_as_the_model(int seed)
    {
        var clock = new FakeClock();
        await using var work = await StateAtWork.StartAsync(clock);
        var (random, model) = (new Random(seed), new StateModel());
        for (var step = 0; step < 1500; step++)
        {
            switch (random.Next(60))
            {
                case 0:
                    await work.RestartAsync($"/user/state/{random.Next(work.Options.ShardCount)}");
                    break;
                case 1:
                    await work.ReopenAsync();
                    break;
                case < 5:
                    var passed = TimeSpan.FromSeconds(random.Next(1, 4));
                    clock.Advance(passed);
                    model.Advance(passed);
                    break;
                case < 12:
                    await TogetherAsync(work.Store, model, random);
                    break;
                default:
                    var (operation, expected) = Operation(random, Keys[random.Next(Keys.Length)], model, work.Store);
                    var result = await work.Store.ApplyAsync(operation, durable: random.Next(10) == 0);
                    Assert.Equal(expected(), Outcome(result));
                    break;
            }

            foreach (var key in Keys)
            {
                Assert.Equal(model.Find(key), work.Text(key));
            }
        }
    }

    private static async Task TogetherAsync(StateStore store, StateModel model, Random random)
    {
        var before = model.Copy();
        var chosen = Keys.Where(key => key.Contains("{t}", StringComparison.Ordinal)).OrderBy(_ => random.Next()).Take(random.Next(1, 4))
            .Select(key => Operation(random, key, model, store)).ToList();
        var expected = chosen.Select(one => one.Expected()).ToList();
        var isDone = expected.All(outcome => !outcome.StartsWith('!'));
        var results = await store.ApplyAsync([.. chosen.Select(one => one.Operation)]);

        Assert.Equal(isDone, results.All(result => result.IsDone));
        if (isDone)
        {
            Assert.Equal(expected, results.Select(Outcome));
        }
        else
        {
            model.Become(before);
        }
    }

    /// <summary>An operation, and a function that applies it to the model and returns the expected outcome.</summary>
    private static (StateOperation Operation, Func<string> Expected) Operation(Random random, string key, StateModel model, StateStore store)
    {
        var number = random.Next(5).ToString(CultureInfo.InvariantCulture);
        TimeSpan? ttl = random.Next(3) == 0 ? TimeSpan.FromSeconds(random.Next(1, 6)) : null;
        IReadOnlyList<ReadOnlyMemory<byte>> one = [StateAtWork.Json(number)];
        switch (random.Next(9))
        {
            case 0:
                return (StateOperation.Put(Key(key), StateAtWork.Json(number), ttl), () => model.Put(key, number, ttl));
            case 1:
                return (StateOperation.Put(Key(key), StateAtWork.Json("[]"), ttl), () => model.Put(key, "[]", ttl));
            case 2:
                return (StateOperation.Delete(Key(key)), () => model.Delete(key));
            case 3:
                return (StateOperation.Increment(Key(key), int.Parse(number, CultureInfo.InvariantCulture), ttl: ttl), () => model.Increment(key, number, ttl));
            case 4:
                return (StateOperation.Push(Key(key), one, ttl), () => model.Push(key, number, ttl));
            case 5:
                var last = random.Next(2) == 0;
                return (StateOperation.Pop(Key(key), last), () => model.Pop(key, last));
            case 6:
                return (StateOperation.Add(Key(key), one, ttl), () => model.Add(key, number, ttl));
            case 7:
                var absent = new VersionCondition(null, new VersionSet(true, []));
                return (StateOperation.Put(Key(key), StateAtWork.Json(number), ttl, absent), () => model.Find(key) is null ? model.Put(key, number, ttl) : "!ConditionFailed");
            default:
                // The current version, or another one.
                var version = store.Find(Key(key))?.Version ?? 7;
                var isRight = random.Next(2) == 0;
                var condition = new VersionCondition(new VersionSet(false, [isRight ? version : version + 1]), null);
                return (
                    StateOperation.Put(Key(key), StateAtWork.Json(number), ttl, condition),
                    () => isRight && model.Find(key) is not null ? model.Put(key, number, ttl) : "!ConditionFailed");
        }
    }

    private static string Outcome(StateResult result) => result.Outcome switch
    {
        StateOutcome.Stored or StateOutcome.Deleted when !result.Taken.IsEmpty => $"took {Encoding.UTF8.GetString(result.Taken.Span)}",
        StateOutcome.Stored or StateOutcome.Deleted or StateOutcome.Unchanged => $"{result.Outcome}",
        _ => $"!{result.Outcome}",
    };
}
