using System.Globalization;
using System.Text;
using AllInOne.Core.State.Operations;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

/// <summary>Lists as queues: each element is taken once, by the client that has waited longest.</summary>
public sealed class StateQueueTests
{
    [Fact]
    public async Task Each_element_is_taken_once_by_many_waiting_clients()
    {
        await using var work = await StateAtWork.StartAsync();
        const int Elements = 500;
        var taken = await Task.WhenAll([.. Enumerable.Range(0, 10).Select(_ => Task.Run(TakeAsync)), .. Enumerable.Range(0, 2).Select(half => Task.Run(() => PushAsync(half)))]);

        Assert.Equal(Enumerable.Range(0, Elements), taken.SelectMany(one => one).Order());

        async Task<List<int>> TakeAsync()
        {
            var mine = new List<int>();
            while (true)
            {
                var result = await work.Store.PopAsync(Key("q"), Until.Limit);
                var number = int.Parse(Encoding.UTF8.GetString(result.Taken.Span), CultureInfo.InvariantCulture);
                if (number < 0)
                {
                    return mine;
                }

                mine.Add(number);
            }
        }

        async Task<List<int>> PushAsync(int half)
        {
            for (var n = half * Elements / 2; n < (half + 1) * Elements / 2; n++)
            {
                await work.Store.ApplyAsync(StateOperation.Push(Key("q"), [StateAtWork.Json($"{n}")]));
            }

            // Each half ends five of the clients that take elements.
            for (var n = 0; n < 5; n++)
            {
                await work.Store.ApplyAsync(StateOperation.Push(Key("q"), [StateAtWork.Json("-1")]));
            }

            return [];
        }
    }

    [Fact]
    public async Task A_wait_without_an_element_is_answered_with_NotFound_and_takes_nothing_later()
    {
        await using var work = await StateAtWork.StartAsync();
        var vain = await work.Store.PopAsync(Key("q"), TimeSpan.FromMilliseconds(50));
        await work.Store.ApplyAsync(StateOperation.Push(Key("q"), [StateAtWork.Json("1")]));

        Assert.Equal(StateOutcome.NotFound, vain.Outcome);
        Assert.Equal("[1]", work.Text("q"));
    }

    [Fact]
    public async Task No_element_is_lost_if_a_push_and_the_end_of_a_wait_happen_at_the_same_time()
    {
        await using var work = await StateAtWork.StartAsync();
        var taken = 0;
        for (var n = 0; n < 3000; n++)
        {
            using var leave = new CancellationTokenSource();
            var pop = work.Store.PopAsync(Key("q"), Until.Limit, cancel: leave.Token);
            var leaves = Task.Run(leave.Cancel);
            await work.Store.ApplyAsync(StateOperation.Push(Key("q"), [StateAtWork.Json("1")]));
            await leaves;
            taken += (await pop).IsDone ? 1 : 0;
        }

        Assert.Equal(3000, taken + (work.Store.Find(Key("q"))?.As<int[]>()?.Length ?? 0));
    }

    [Theory]
    [InlineData(false, "[1,2,3]")]
    [InlineData(true, "[1,2,3]")]
    public async Task A_returned_element_has_its_old_position(bool last, string list)
    {
        await using var work = await StateAtWork.StartAsync();
        await work.PutAsync("q", list, TimeSpan.FromMinutes(5));
        var ends = work.Store.Find(Key("q"))!.Expires;
        var popped = await work.Store.PopAsync(Key("q"), TimeSpan.Zero, last);
        await work.Store.GiveBackAsync(Key("q"), popped, last);

        Assert.Equal((list, ends), (work.Text("q"), work.Store.Find(Key("q"))!.Expires));
    }

    [Fact]
    public async Task A_list_that_was_removed_with_its_last_element_is_created_again_with_its_old_expiry()
    {
        await using var work = await StateAtWork.StartAsync();
        await work.PutAsync("q", "[1]", TimeSpan.FromMinutes(5));
        var ends = work.Store.Find(Key("q"))!.Expires;
        await work.Store.GiveBackAsync(Key("q"), await work.Store.PopAsync(Key("q"), TimeSpan.Zero));

        Assert.Equal(("[1]", ends), (work.Text("q"), work.Store.Find(Key("q"))!.Expires));
    }

    [Fact]
    public async Task A_wait_for_a_list_is_refused_when_the_key_gets_another_type()
    {
        await using var work = await StateAtWork.StartAsync();
        var waits = work.Store.PopAsync(Key("q"), Until.Limit);
        await Until.TrueAsync(() => work.Store.Figures.Sum(shard => shard.Waiting) == 1);
        await work.PutAsync("q", "7");

        Assert.Equal(StateOutcome.Refused, (await waits).Outcome);
    }
}
