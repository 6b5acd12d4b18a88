namespace AllInOne.Server.Http;

/// <summary>The numbers of requests, by the class of their status, and their time. Any thread may call.</summary>
internal sealed class RequestFigures
{
    private readonly long[] _byClass = new long[6];
    private long _active;
    private long _ticks;
    private long _refusedConnections;
    private long _unreadAnswers;

    /// <summary>The number of current requests, including waiting long polls and streams.</summary>
    public long Active => Interlocked.Read(ref _active);

    /// <summary>The time of all answered requests together.</summary>
    public TimeSpan Time => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>The number of answered requests by the first digit of their status, 1 to 5.</summary>
    public long Count(int statusClass) => Interlocked.Read(ref _byClass[statusClass]);

    /// <summary>The number of connections that were closed because they were not to a loopback address.</summary>
    public long RefusedConnections => Interlocked.Read(ref _refusedConnections);

    /// <summary>The number of connections that were aborted because their client did not read an answer.</summary>
    public long UnreadAnswers => Interlocked.Read(ref _unreadAnswers);

    public void ConnectionRefused() => Interlocked.Increment(ref _refusedConnections);

    public void AnswerUnread() => Interlocked.Increment(ref _unreadAnswers);

    public void Started() => Interlocked.Increment(ref _active);

    public void Completed(int status, TimeSpan elapsed)
    {
        Interlocked.Decrement(ref _active);
        Interlocked.Increment(ref _byClass[Math.Clamp(status / 100, 1, 5)]);
        Interlocked.Add(ref _ticks, elapsed.Ticks);
    }
}
