using System.Collections.Concurrent;

namespace AllInOne.Core.Live;

/// <summary>
/// The queue of connections that must be served. A few threads of the pool serve them in order, at most half as many as there
/// are processors. So an event for ten thousand clients is one loop and not ten thousand work items, and the other threads stay free for requests.
/// Serving a connection never blocks: if it must wait, it continues on its own. The queue is bounded, because each connection is in it at most once.
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
        // Serve until the queue is empty. Otherwise the last connections would wait behind the next requests of the first clients.
        while (_queue.TryDequeue(out var connection))
        {
            connection.Run();
        }

        Interlocked.Decrement(ref _threads);
        // A connection may have been added while this thread still counted as working.
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
