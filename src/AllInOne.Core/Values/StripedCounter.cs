using System.Runtime.InteropServices;

namespace AllInOne.Core.Values;

/// <summary>
/// A count that very many workers add to at once: one stripe per core, each on a cache line of its own, so that cores do not
/// fight for one. Adding is exact; a reading is the sum of the stripes at about the same time.
/// </summary>
internal sealed class StripedCounter
{
    private readonly Stripe[] _stripes = new Stripe[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)];

    public long Total
    {
        get
        {
            var total = 0L;
            for (var i = 0; i < _stripes.Length; i++)
            {
                total += Volatile.Read(ref _stripes[i].Value);
            }

            return total;
        }
    }

    public void Increment() => Interlocked.Increment(ref _stripes[Thread.GetCurrentProcessorId() & (_stripes.Length - 1)].Value);

    /// <summary>Twice a cache line of 64 bytes: processors fetch lines in pairs.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Stripe
    {
        [FieldOffset(64)]
        public long Value;
    }
}
