using AllInOne.Core;

namespace AllInOne.Server.Http;

/// <summary>
/// The bytes of bodies that all requests under way hold together, at most <c>Http:MaxBodyBytesInFlight</c>. Beyond that a request is
/// refused with 503, so that many large bodies at a time do not take the memory that everything else needs. One for all web hosts: the
/// requests of a host that drains count beside those of its successor. Any thread.
/// </summary>
internal sealed class BodyMemory(long limit)
{
    private long _held;

    /// <summary>Bytes held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>The share of one request, which holds nothing yet.</summary>
    public Share Open() => new(this);

    private bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    /// <summary>What one request holds; given back when the request has its answer. Used by one thread at a time.</summary>
    internal sealed class Share(BodyMemory memory) : IDisposable
    {
        private long _bytes;

        /// <summary>Raises the bytes held to this total. Returns the exception to throw when all requests together would hold too many; null otherwise.</summary>
        public UnavailableException? GrowTo(long bytes)
        {
            if (bytes > _bytes)
            {
                if (!memory.TryTake(bytes - _bytes))
                {
                    return new UnavailableException(
                        "The bodies of other requests take all the memory that bodies may take (Http:MaxBodyBytesInFlight); nothing was changed.");
                }

                _bytes = bytes;
            }

            return null;
        }

        public void Dispose()
        {
            Interlocked.Add(ref memory._held, -_bytes);
            _bytes = 0;
        }
    }
}
