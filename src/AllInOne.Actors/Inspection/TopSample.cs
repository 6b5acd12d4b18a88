using System.Diagnostics;
using Akka.Actor;

namespace AllInOne.Actors;

/// <summary>Compares all actors over a window: reads each one twice, at its beginning and at its end.</summary>
internal static class TopSample
{
    public static async Task<IReadOnlyList<TopInfo>> TakeAsync(
        WorkScheduler scheduler, ActorRefWithCell root, ActorMeasure measure, TimeSpan window, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var before = new Dictionary<FairMessageQueue, (long Busy, long Messages)>();
        foreach (var actor in Below(root))
        {
            if (new ActorReading(scheduler, actor) is { Queue: { } queue } reading)
            {
                before[queue] = (reading.BusyTicks, queue.Handled);
            }
        }

        await Task.Delay(window, cancellation).ConfigureAwait(false);

        // The smallest of the best is on top, so that each further actor is compared only with it.
        var best = new PriorityQueue<(ActorReading Actor, long Busy, long Messages), long>();
        foreach (var actor in Below(root))
        {
            if (new ActorReading(scheduler, actor) is not { Queue: { } queue } reading)
            {
                continue;
            }

            var (busy, messages) = before.GetValueOrDefault(queue);
            (busy, messages) = (reading.BusyTicks - busy, queue.Handled - messages);
            var rank = measure switch
            {
                ActorMeasure.Busy => busy,
                ActorMeasure.Messages => messages,
                ActorMeasure.Mailbox => queue.Count,
                _ => queue.Details?.Restarts ?? 0,
            };
            if (best.Count < limit)
            {
                best.Enqueue((reading, busy, messages), rank);
            }
            else
            {
                best.EnqueueDequeue((reading, busy, messages), rank);
            }
        }

        var top = new List<TopInfo>(best.Count);
        while (best.TryDequeue(out var found, out _))
        {
            top.Add(new TopInfo(found.Actor.ToInfo(), Stopwatch.GetElapsedTime(0, found.Busy), found.Messages));
        }

        top.Reverse();
        return top;
    }

    /// <summary>All actors below the root, without the root.</summary>
    private static IEnumerable<ActorRefWithCell> Below(ActorRefWithCell root)
    {
        var left = new Stack<ActorRefWithCell>(root.Children.OfType<ActorRefWithCell>());
        while (left.TryPop(out var actor))
        {
            yield return actor;
            foreach (var child in actor.Children.OfType<ActorRefWithCell>())
            {
                left.Push(child);
            }
        }
    }
}
