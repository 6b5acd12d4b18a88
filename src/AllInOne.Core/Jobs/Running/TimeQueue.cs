using System.Diagnostics.CodeAnalysis;

namespace AllInOne.Core.Jobs.Running;

/// <summary>
/// A queue of elements that wait for their times; elements with the same time keep their order. It has no clock: the caller passes the time.
/// A dropped element stays until its time, but when at least half of a large queue is dropped, all dropped elements are removed.
/// </summary>
/// <param name="isDropped">Whether an element is no longer wanted.</param>
internal sealed class TimeQueue<T>(Func<T, bool> isDropped)
{
    /// <summary>Fewer dropped elements are not worth the work.</summary>
    private const int LeastDropped = 1000;

    private readonly PriorityQueue<T, (DateTimeOffset Due, long Number)> _elements = new();
    private long _added;
    private int _dropped;

    /// <summary>The number of elements, including dropped ones.</summary>
    public int Count => _elements.Count;

    /// <summary>The time of the first element; null if there is none.</summary>
    public DateTimeOffset? Next => _elements.TryPeek(out _, out var priority) ? priority.Due : null;

    public void Add(DateTimeOffset due, T element) => _elements.Enqueue(element, (due, _added++));

    /// <summary>Takes the next element whose time has come.</summary>
    public bool TryTake(DateTimeOffset now, [MaybeNullWhen(false)] out T element)
    {
        while (_elements.TryPeek(out element, out var priority) && priority.Due <= now)
        {
            _elements.Dequeue();
            if (!isDropped(element))
            {
                return true;
            }

            _dropped--;
        }

        element = default;
        return false;
    }

    /// <summary>Notes that this many more elements are no longer wanted.</summary>
    public void Drop(int count)
    {
        _dropped += count;
        if (_dropped < LeastDropped || _dropped < _elements.Count / 2)
        {
            return;
        }

        var kept = _elements.UnorderedItems.Where(entry => !isDropped(entry.Element)).ToList();
        _elements.Clear();
        _elements.EnqueueRange(kept);
        _dropped = 0;
    }
}
