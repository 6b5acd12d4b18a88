using System.IO.Pipelines;

namespace AllInOne.Core.Json;

/// <summary>
/// Writes a large value without a second copy of it in the output: a slice follows when the reader has taken enough of those before it.
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
