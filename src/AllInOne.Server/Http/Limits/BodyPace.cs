namespace AllInOne.Server.Http.Limits;

/// <summary>
/// The limit for a slow body of one request. While the server waits for the body, each <see cref="StepBytes"/>, or the end of the body,
/// must arrive within the limit; otherwise the request gets 408. Time in which the server does not read does not count. Kestrel's minimum rate is
/// only an average: after 2 MB sent at once it would allow a pause of two hours, in which the body holds its memory.
/// </summary>
internal sealed class BodyPace(TimeSpan limit, TimeProvider clock) : IDisposable
{
    public const int StepBytes = 64 * 1024;

    private readonly CancellationTokenSource _late = new(Timeout.InfiniteTimeSpan, clock);
    private TimeSpan _waited;
    private int _bytes;

    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        int read;
        await using (cancel.UnsafeRegister(static late => ((CancellationTokenSource)late!).Cancel(), _late))
        {
            _late.CancelAfter(limit > _waited ? limit - _waited : TimeSpan.Zero);
            try
            {
                read = await body.ReadAsync(buffer, _late.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new BadHttpRequestException(
                    $"The body came too slowly: less than {StepBytes} bytes within {limit} (Http:SlowReadTimeout).", StatusCodes.Status408RequestTimeout);
            }

            _late.CancelAfter(Timeout.InfiniteTimeSpan);
        }

        (_bytes, _waited) = (_bytes + read, _waited + clock.GetElapsedTime(began));
        if (_bytes >= StepBytes)
        {
            (_bytes, _waited) = (0, TimeSpan.Zero);
        }

        return read;
    }

    public void Dispose() => _late.Dispose();
}
