using System.IO.Pipelines;

namespace AllInOne.Core.Values.Json;

/// <summary>
/// Writes a large value in slices. Each slice is written when the reader has taken enough of the previous ones, so the output never holds a
/// second copy of the whole value.
/// </summary>
public static class Slices
{
    private const int Bytes = 32 * 1024;

    public static async ValueTask WriteAsync(PipeWriter output, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(output);
        while (value.Length > Bytes)
        {
            await output.WriteAsync(value[..Bytes], cancel).ConfigureAwait(false);
            value = value[Bytes..];
        }

        await output.WriteAsync(value, cancel).ConfigureAwait(false);
    }
}
