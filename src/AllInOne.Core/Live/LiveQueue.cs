using System.Collections.Concurrent;

namespace AllInOne.Core.Live;

/// <summary>
/// The connections that have something to do, in order, served one after another on a few threads of the pool, at most half as many as there
/// are processors: telling ten thousand is one loop and not ten thousand jobs, and requests have the other threads meanwhile. Serving one
/// never blocks; one that has to wait goes on by itself. Bounded by the connections: each is in it once at most.
/// </summary>
internal sealed class LiveQueue : IThreadPoolWorkItem
{
    private static readonly int MostThreads = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly ConcurrentQueue<LiveConnection> _queue = new();
    private int _threads;

    public void Add(LiveConnection connection)
    {
        _queue.Enqueue(connection);
        Wake();
    }

    public void Execute()
    {
        // To the end, however many there are: behind the requests of those who were told first, the last would wait for all of them.
        while (_queue.TryDequeue(out var connection))
        {
            connection.Run();
        }

        Interlocked.Decrement(ref _threads);
        // One that was added meanwhile saw this thread still at work.
        if (!_queue.IsEmpty)
        {
            Wake();
        }
    }

    private void Wake()
    {
        for (var threads = Volatile.Read(ref _threads); threads < MostThreads; threads = Volatile.Read(ref _threads))
        {
            if (Interlocked.CompareExchange(ref _threads, threads + 1, threads) == threads)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
    }
}
