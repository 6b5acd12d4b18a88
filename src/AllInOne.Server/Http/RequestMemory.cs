using AllInOne.Core;

namespace AllInOne.Server.Http;

/// <summary>
/// The bytes of one kind, bodies or answers, that all requests under way hold together, at most as many as the option allows. Beyond that a
/// request is refused with 503, so that many large ones at a time do not take the memory that everything else needs. One for all web hosts:
/// the requests of a host that drains count beside those of its successor. Any thread.
/// </summary>
/// <param name="limit">Bytes.</param>
/// <param name="refusal">Why a request is refused; names the option.</param>
internal sealed class RequestMemory(long limit, string refusal)
{
    private long _held;

    /// <summary>Bytes held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>The memory of bodies, <c>Http:MaxBodyBytesInFlight</c>.</summary>
    public static RequestMemory OfBodies(long limit) => new(
        limit, "The bodies of other requests take all the memory that bodies may take (Http:MaxBodyBytesInFlight); nothing was changed.");

    /// <summary>The memory of answers, <c>Http:MaxAnswerBytesInFlight</c>.</summary>
    public static RequestMemory OfAnswers(long limit) => new(
        limit, "The answers to other requests take all the memory that answers may take (Http:MaxAnswerBytesInFlight).");

    /// <summary>The share of one request, which holds nothing yet.</summary>
    public Share Open() => new(this);

    /// <summary>The same, given back when the request is complete: its client has taken all of the answer but Kestrel's buffer, or is gone.</summary>
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

    /// <summary>What one request holds. Used by one thread at a time.</summary>
    internal sealed class Share(RequestMemory memory) : IDisposable
    {
        private long _bytes;

        /// <summary>Takes so many bytes more, unless all requests together would hold too many.</summary>
        public bool TryAdd(long bytes)
        {
            if (!memory.TryTake(bytes))
            {
                return false;
            }

            _bytes += bytes;
            return true;
        }

        /// <summary>Raises the bytes held to this total. Returns the exception to throw when all requests together would hold too many; null otherwise.</summary>
        public UnavailableException? GrowTo(long bytes) =>
            bytes <= _bytes || TryAdd(bytes - _bytes) ? null : new UnavailableException(memory.Refusal);

        /// <summary>The same for a request that cannot go on without.</summary>
        /// <exception cref="UnavailableException">All requests together would hold too many.</exception>
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
