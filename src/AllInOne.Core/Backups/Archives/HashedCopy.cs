using System.Security.Cryptography;

namespace AllInOne.Core.Backups.Archives;

/// <summary>Copies a stream and calculates the hash of the copied bytes.</summary>
internal static class HashedCopy
{
    private const int BufferBytes = 1024 * 1024;

    /// <param name="most">The maximum number of bytes to read.</param>
    /// <returns>The number of bytes, and their SHA-256 in hexadecimal.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static (long Bytes, string Sha256) Run(Stream source, Stream target, long most, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        var bytes = 0L;
        for (int read; (read = source.Read(buffer, 0, (int)Math.Min(most - bytes, buffer.Length))) > 0; bytes += read)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }

        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
