namespace AllInOne.Server.Http;

/// <summary>
/// Refuses a body that is larger than <c>Http:MaxBodyBytes</c> with 413, but for endpoints marked <see cref="Unlimited"/>. Not Kestrel's own
/// limit: past that one it closes the connection on whatever is still coming, and the reset overtakes the answer. Without it Kestrel
/// reads on (five seconds at most, and throws it away), and a client that sends first and reads later sees why it was refused.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next, long maxBytes)
{
    /// <summary>Metadata of an endpoint that takes a body of any size, because it never holds it as a whole.</summary>
    public static readonly object Unlimited = new UnlimitedMark();

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0
            || context.GetEndpoint()?.Metadata.GetMetadata<UnlimitedMark>() is not null)
        {
            return next(context);
        }

        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        if (request.ContentLength is null)
        {
            request.Body = new Bounded(request.Body, maxBytes);
        }

        return next(context);
    }

    private static BadHttpRequestException TooLarge(long maxBytes) =>
        new($"The body is larger than {maxBytes} bytes (Http:MaxBodyBytes).", StatusCodes.Status413PayloadTooLarge);

    private sealed class UnlimitedMark;

    /// <summary>A body that does not say how long it is (chunked): counted as it is read.</summary>
    private sealed class Bounded(Stream body, long maxBytes) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await body.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => Count(body.Read(buffer, offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Count(int read) => (_read += read) <= maxBytes ? read : throw TooLarge(maxBytes);
    }
}
