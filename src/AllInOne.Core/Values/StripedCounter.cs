using System.Runtime.InteropServices;

namespace AllInOne.Core.Values;

/// <summary>
/// A counter to which very many workers add at the same time. It has one stripe for each core, each on its own cache line, so that cores do not
/// compete for one cache line. No addition is lost. A reading is the sum of the stripes, which are read at slightly different times.
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
