namespace AllInOne.Actors;

/// <summary>Compares all actors over a window: reads each one twice, at its beginning and at its end.</summary>
internal static class TopSample
{
    public static async Task<IReadOnlyList<TopInfo>> TakeAsync(
        ActorCell root, ActorMeasure measure, TimeSpan window, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var before = new Dictionary<ActorCell, Reading>();
        foreach (var cell in Below(root))
        {
            before[cell] = Reading.Of(cell);
        }

        await Task.Delay(window, cancellation).ConfigureAwait(false);

        // The smallest of the best is on top, so that each further actor is compared with it alone.
        var best = new PriorityQueue<(ActorCell Cell, Reading Change), long>();
        foreach (var cell in Below(root))
        {
            var change = Reading.Of(cell).Since(before.GetValueOrDefault(cell));
            var rank = RankOf(cell, change, measure);
            if (best.Count < limit)
            {
                best.Enqueue((cell, change), rank);
            }
            else
            {
                best.EnqueueDequeue((cell, change), rank);
            }
        }

        var top = new List<TopInfo>(best.Count);
        while (best.TryDequeue(out var found, out _))
        {
            top.Add(new TopInfo(found.Cell.Inspect(), found.Change.Busy, found.Change.Messages));
        }

        top.Reverse();
        return top;
    }

    private static long RankOf(ActorCell cell, Reading change, ActorMeasure measure) => measure switch
    {
        ActorMeasure.Busy => change.Busy.Ticks,
        ActorMeasure.Messages => change.Messages,
        ActorMeasure.Mailbox => cell.MailboxLength,
        _ => cell.Restarts,
    };

    /// <summary>Every actor below the root, itself left out.</summary>
    private static IEnumerable<ActorCell> Below(ActorCell root)
    {
        var left = new Stack<ActorCell>(root.ChildCells());
        while (left.TryPop(out var cell))
        {
            yield return cell;
            foreach (var child in cell.ChildCells())
            {
                left.Push(child);
            }
        }
    }

    private readonly record struct Reading(TimeSpan Busy, long Messages)
    {
        public static Reading Of(ActorCell cell) => new(cell.Busy, cell.Handled);

        public Reading Since(Reading earlier) => new(Busy - earlier.Busy, Messages - earlier.Messages);
    }
}
