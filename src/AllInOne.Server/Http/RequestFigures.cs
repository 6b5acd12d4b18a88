namespace AllInOne.Server.Http;

/// <summary>How many requests there were, by the class of their status, and how long they took. Any thread.</summary>
internal sealed class RequestFigures
{
    private readonly long[] _byClass = new long[6];
    private long _active;
    private long _ticks;
    private long _refusedConnections;
    private long _unreadAnswers;

    /// <summary>Requests under way, those that wait for an event included.</summary>
    public long Active => Interlocked.Read(ref _active);

    /// <summary>What the answered ones took together.</summary>
    public TimeSpan Time => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>Answered ones by the first digit of their status, 1 to 5.</summary>
    public long Count(int statusClass) => Interlocked.Read(ref _byClass[statusClass]);

    /// <summary>Connections closed unread because they did not come to a loopback address.</summary>
    public long RefusedConnections => Interlocked.Read(ref _refusedConnections);

    /// <summary>Connections aborted because their client took nothing of an answer for too long.</summary>
    public long UnreadAnswers => Interlocked.Read(ref _unreadAnswers);

    public void ConnectionRefused() => Interlocked.Increment(ref _refusedConnections);

    public void AnswerUnread() => Interlocked.Increment(ref _unreadAnswers);

    public void Begun() => Interlocked.Increment(ref _active);

    public void Ended(int status, TimeSpan elapsed)
    {
        Interlocked.Decrement(ref _active);
        Interlocked.Increment(ref _byClass[Math.Clamp(status / 100, 1, 5)]);
        Interlocked.Add(ref _ticks, elapsed.Ticks);
    }
}
