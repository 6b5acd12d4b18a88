namespace AllInOne.Core.Feeds.Connections;

/// <summary>
/// What of one connection is on its way to the disk. Each element has a number (its tag); answers come in any order between
/// entities, and an answer may come twice. An event is dealt with once its elements and all before them are: so the count
/// of events is a prefix of what the client sent.
/// </summary>
internal sealed class AckWindow
{
    private readonly Queue<long> _ends = new();
    private bool[] _done = new bool[64];
    private long _open;
    private long _next;

    /// <summary>Events received so far.</summary>
    public long Events { get; private set; }

    /// <summary>Events dealt with, none missing before.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>How full the window is: elements, or events without any, behind the first one that is not answered.</summary>
    public int Load => Math.Max((int)(_next - _open), _ends.Count);

    /// <summary>The next event and how many elements it has; returns the tag of the first.</summary>
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

    /// <summary>An element is committed, or was refused for good. False when that is known, or the tag never was.</summary>
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
