namespace AllInOne.Core.Feeds.Connections;

/// <summary>
/// The elements of one connection that are pending: received, but not committed or refused. Each element has a number (its tag). The answers come in
/// any order, because the entities are independent, and an answer may come twice. An event is handled when all its elements and all earlier elements
/// are. So the number of handled events is the length of a prefix of the stream.
/// </summary>
internal sealed class AckWindow
{
    private readonly Queue<long> _ends = new();
    private bool[] _done = new bool[64];
    private long _open;
    private long _next;

    /// <summary>The number of received events.</summary>
    public long Events { get; private set; }

    /// <summary>The number of handled events, without a gap.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>The size of the window: the elements from the first pending one on, or the events if these are more (an event may have no element).</summary>
    public int Load => Math.Max((int)(_next - _open), _ends.Count);

    /// <summary>Adds the next event with its number of elements. Returns the tag of its first element.</summary>
    public long Begin(int elements)
    {
        var first = _next;
        _next += elements;
        Events++;
        Grow();
        _ends.Enqueue(_next);
        Settle();
        return first;
    }

    /// <summary>Notes that an element is committed or refused. Returns false if this is known already, or if the tag does not exist.</summary>
    public bool Complete(long tag)
    {
        if (tag < _open || tag >= _next || At(tag))
        {
            return false;
        }

        At(tag) = true;
        while (_open < _next && At(_open))
        {
            At(_open) = false;
            _open++;
        }

        Settle();
        return true;
    }

    private ref bool At(long tag) => ref _done[tag & (_done.Length - 1)];

    private void Settle()
    {
        while (_ends.TryPeek(out var end) && end <= _open)
        {
            _ends.Dequeue();
            Acknowledged++;
        }
    }

    private void Grow()
    {
        var size = _done.Length;
        while (size < _next - _open)
        {
            size *= 2;
        }

        if (size == _done.Length)
        {
            return;
        }

        var old = _done;
        _done = new bool[size];
        for (var tag = _open; tag < Math.Min(_next, _open + old.Length); tag++)
        {
            At(tag) = old[tag & (old.Length - 1)];
        }
    }
}
