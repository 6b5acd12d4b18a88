using AllInOne.Core;

namespace AllInOne.Server.Http;

/// <summary>
/// Bounds the bytes of one kind, bodies or answers, that all current requests hold together. A request that would exceed the bound gets 503, so
/// that many large requests do not take the memory of all other parts. All web hosts share one instance, so the requests of a draining host and of
/// its successor count together. Any thread may call.
/// </summary>
/// <param name="limit">Bytes.</param>
/// <param name="refusal">Why a request is refused; names the option.</param>
internal sealed class RequestMemory(long limit, string refusal)
{
    private long _held;

    /// <summary>Bytes held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>The memory for bodies, <c>Http:MaxBodyBytesInFlight</c>.</summary>
    public static RequestMemory OfBodies(long limit) => new(
        limit, "The bodies of other requests take all the memory that bodies may take (Http:MaxBodyBytesInFlight); nothing was changed.");

    /// <summary>The memory for answers, <c>Http:MaxAnswerBytesInFlight</c>.</summary>
    public static RequestMemory OfAnswers(long limit) => new(
        limit, "The answers to other requests take all the memory that answers may take (Http:MaxAnswerBytesInFlight).");

    /// <summary>Creates the share of one request, which holds no bytes yet.</summary>
    public Share Open() => new(this);

    /// <summary>Creates a share that is released when the request is complete. By then the client has taken the answer, except for Kestrel's buffer, or has disconnected.</summary>
    public Share Open(HttpContext context)
    {
        var share = Open();
        context.Response.RegisterForDispose(share);
        return share;
    }

    private bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= limit)
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

        /// <summary>Raises the held bytes to this total. If all requests together would then exceed the limit, returns the exception to throw; otherwise null.</summary>
        public UnavailableException? GrowTo(long bytes) =>
            bytes <= _bytes || TryAdd(bytes - _bytes) ? null : new UnavailableException(memory.Refusal);

        /// <summary>The same for a request that cannot continue without these bytes.</summary>
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

    private string Refusal { get; } = refusal;
}
