using AllInOne.Core.Values;

namespace AllInOne.Server.Http.Limits;

/// <summary>
/// The limit of the bytes of one kind, bodies or answers, that all current requests hold together. A request that would exceed the bound gets 503, so
/// that many large requests do not take the memory of all other parts. All web hosts share one instance, so the requests of a draining host and of
/// its successor count together. While the memory of the whole process is short (<see cref="MemoryReserve"/>), nothing more is held. Any thread may
/// call.
/// </summary>
/// <param name="limit">The limit in bytes.</param>
/// <param name="refusal">Why a request is refused; names the option.</param>
/// <param name="reserve">The memory of the whole process; not watched when null.</param>
internal sealed class RequestMemory(long limit, string refusal, MemoryReserve? reserve = null)
{
    private const string Short = "The server is short of memory (Memory:Reserve).";

    private long _held;

    /// <summary>The bytes that are held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>The memory for bodies, <c>Http:MaxBodyBytesInFlight</c>.</summary>
    public static RequestMemory OfBodies(long limit, MemoryReserve? reserve = null) => new(
        limit, "The bodies of other requests take all the memory that bodies may take (Http:MaxBodyBytesInFlight); nothing was changed.", reserve);

    /// <summary>The memory for answers, <c>Http:MaxAnswerBytesInFlight</c>.</summary>
    public static RequestMemory OfAnswers(long limit, MemoryReserve? reserve = null) => new(
        limit, "The answers to other requests take all the memory that answers may take (Http:MaxAnswerBytesInFlight).", reserve);

    /// <summary>Creates the share of one request, which holds no bytes yet.</summary>
    public Share Open() => new(this);

    /// <summary>
    /// Creates a share that is released when the request is complete. At that time the client has taken the answer, except for Kestrel's buffer, or
    /// has disconnected.
    /// </summary>
    public Share Open(HttpContext context)
    {
        var share = Open();
        context.Response.RegisterForDispose(share);
        return share;
    }

    private bool TryTake(long bytes)
    {
        if (reserve?.IsShort == true)
        {
            return false;
        }

        if (Interlocked.Add(ref _held, bytes) <= Limit)
        {
            return true;
        }

        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    /// <summary>The bytes that one request holds. For one thread at a time.</summary>
    internal sealed class Share(RequestMemory memory) : IDisposable
    {
        private long _bytes;

        /// <summary>Whether a request may ever hold so many bytes, if it is the only one.</summary>
        public bool MayHold(long bytes) => bytes <= memory.Limit;

        /// <summary>Adds this many bytes, unless all requests together would then exceed the limit.</summary>
        public bool TryAdd(long bytes)
        {
            if (!memory.TryTake(bytes))
            {
                return false;
            }

            _bytes += bytes;
            return true;
        }

        /// <summary>
        /// Raises the held bytes to this total. If all requests together would then exceed the limit, returns the exception to throw; otherwise null.
        /// </summary>
        public UnavailableException? GrowTo(long bytes) =>
            bytes <= _bytes || TryAdd(bytes - _bytes) ? null : new UnavailableException(memory.Refusal);

        /// <summary>Raises the held bytes to this total, for a request that cannot continue without them.</summary>
        /// <exception cref="UnavailableException">All requests together would exceed the limit.</exception>
        public void Need(long bytes)
        {
            if (GrowTo(bytes) is { } full)
            {
                throw full;
            }
        }

        public void Dispose()
        {
            Interlocked.Add(ref memory._held, -_bytes);
            _bytes = 0;
        }
    }

    private long Limit { get; } = limit;

    private string Refusal => reserve?.IsShort == true ? Short : refusal;
}
