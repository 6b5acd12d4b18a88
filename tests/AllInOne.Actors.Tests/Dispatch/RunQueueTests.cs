using Akka.Dispatch;

namespace AllInOne.Actors.Tests.Dispatch;

public sealed class RunQueueTests
{
    private const int HandedInByEach = 2_000_000;

    /// <summary>An actor that is taken twice would run on two threads at once. An actor that is never taken would not run again.</summary>
    [Fact]
    public void Each_actor_that_is_handed_in_without_the_lock_is_taken_once()
    {
        var queue = new RunQueue();
        var cells = Enumerable.Range(0, 4).Select(_ => (IRunnable)new ActionRunnable(() => { })).ToArray();
        var threads = cells.Select(cell => new Thread(() =>
        {
            for (var n = 0; n < HandedInByEach; n++)
            {
                queue.HandIn(cell);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());

        var counts = cells.ToDictionary(cell => cell, _ => 0);
        while (threads.Exists(thread => thread.IsAlive) || queue.Count > 0)
        {
            if (queue.Pop() is { } cell)
            {
                counts[cell]++;
            }
        }

        Assert.All(counts.Values, count => Assert.Equal(HandedInByEach, count));
    }
}
