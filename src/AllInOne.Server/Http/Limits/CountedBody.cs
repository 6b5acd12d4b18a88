using Microsoft.AspNetCore.Connections;

namespace AllInOne.Server.Http.Limits;

/// <summary>A request's body, counted as it is read. What is wrong with its bytes on the wire becomes a <see cref="BadHttpRequestException"/>.</summary>
/// <param name="body">Where it is read from.</param>
/// <param name="refusal">The exception to throw after so many bytes; null while they are not too many.</param>
/// <param name="codings">How the body is encoded; empty where it is not.</param>
/// <param name="pace">Refuses a body that comes too slowly; null if the server does not wait for bytes of the client.</param>
internal sealed class CountedBody(Stream body, Func<long, Exception?> refusal, string codings = "", BodyPace? pace = null) : Stream
{
    /// <summary>Bytes so far.</summary>
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
            // A chunk size beyond 31 bits ends here.
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
