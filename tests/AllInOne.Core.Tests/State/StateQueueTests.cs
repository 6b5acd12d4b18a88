using System.Globalization;
using System.Text;
using AllInOne.Core.State.Operations;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

/// <summary>Lists as queues: each element is taken once, by the one who waits for longest.</summary>
public sealed class StateQueueTests
{
    [Fact]
    public async Task Each_element_is_taken_once_by_many_that_wait()
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

            // Five of those who take come to their end by each half.
            for (var n = 0; n < 5; n++)
            {
                await work.Store.ApplyAsync(StateOperation.Push(Key("q"), [StateAtWork.Json("-1")]));
            }

            return [];
        }
    }

    [Fact]
    public async Task Who_waits_in_vain_is_told_so_and_takes_nothing_later()
    {
        await using var work = await StateAtWork.StartAsync();
        var vain = await work.Store.PopAsync(Key("q"), TimeSpan.FromMilliseconds(50));
        await work.Store.ApplyAsync(StateOperation.Push(Key("q"), [StateAtWork.Json("1")]));

        Assert.Equal(StateOutcome.NotFound, vain.Outcome);
        Assert.Equal("[1]", work.Text("q"));
    }

    [Fact]
    public async Task Nothing_gets_lost_between_a_push_and_one_who_waits_no_longer_at_that_moment()
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
    public async Task What_is_given_back_is_where_it_was(bool last, string list)
    {
        await using var work = await StateAtWork.StartAsync();
        await work.PutAsync("q", list, TimeSpan.FromMinutes(5));
        var ends = work.Store.Find(Key("q"))!.Expires;
        var popped = await work.Store.PopAsync(Key("q"), TimeSpan.Zero, last);
        await work.Store.GiveBackAsync(Key("q"), popped, last);

        Assert.Equal((list, ends), (work.Text("q"), work.Store.Find(Key("q"))!.Expires));
    }

    [Fact]
    public async Task A_list_that_went_with_its_last_element_comes_back_with_the_end_that_it_had()
    {
        await using var work = await StateAtWork.StartAsync();
        await work.PutAsync("q", "[1]", TimeSpan.FromMinutes(5));
        var ends = work.Store.Find(Key("q"))!.Expires;
        await work.Store.GiveBackAsync(Key("q"), await work.Store.PopAsync(Key("q"), TimeSpan.Zero));

        Assert.Equal(("[1]", ends), (work.Text("q"), work.Store.Find(Key("q"))!.Expires));
    }

    [Fact]
    public async Task One_who_waits_for_a_list_is_told_when_there_comes_something_else()
    {
        await using var work = await StateAtWork.StartAsync();
        var waits = work.Store.PopAsync(Key("q"), Until.Limit);
        await Until.TrueAsync(() => work.Store.Figures.Sum(shard => shard.Waiting) == 1);
        await work.PutAsync("q", "7");

        Assert.Equal(StateOutcome.Refused, (await waits).Outcome);
    }
}
