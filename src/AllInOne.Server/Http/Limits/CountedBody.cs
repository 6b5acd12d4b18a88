using Microsoft.AspNetCore.Connections;

namespace AllInOne.Server.Http.Limits;

/// <summary>The body of a request, counted while it is read. Wrong bytes on the wire become a <see cref="BadHttpRequestException"/>.</summary>
/// <param name="body">The stream of the encoded body.</param>
/// <param name="refusal">Returns the exception to throw after this number of bytes; null if it is not too large.</param>
/// <param name="codings">The codings of the body; empty if it is not encoded.</param>
/// <param name="pace">Refuses a body that comes too slowly; null if the server does not wait for bytes of the client.</param>
internal sealed class CountedBody(Stream body, Func<long, Exception?> refusal, string codings = "", BodyPace? pace = null) : Stream
{
    /// <summary>The number of bytes until now.</summary>
    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await (pace?.ReadAsync(body, buffer, cancellationToken) ?? body.ReadAsync(buffer, cancellationToken));
        }
        catch (Exception broken) when (codings.Length > 0 && broken is InvalidDataException or InvalidOperationException)
        {
            throw new BadHttpRequestException($"The body is not right {codings} data (Content-Encoding): it is damaged or cut off.", broken);
        }
        catch (IOException broken) when (broken is not (BadHttpRequestException or ConnectionResetException))
        {
            // A chunk size of more than 31 bits throws this exception.
            throw new BadHttpRequestException("The body cannot be read: its chunks are malformed.", broken);
        }

        Count += read;
        return refusal(Count) is { } refused ? throw refused : read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A body is read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
