namespace AllInOne.Server.Configuration;

/// <summary>
/// The options of the compression of answers, for clients that ask for it with <c>Accept-Encoding</c> (section <c>Http:Compression</c>).
/// </summary>
internal sealed class CompressionOptions
{
    /// <summary>
    /// Whether JSON and text are compressed with Brotli or gzip. Only over plain HTTP: under TLS, the length of an answer could disclose a secret in
    /// it.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Whether streams of events are compressed too, with a flush for each batch. Off by default: a browser always asks for it, and each
    /// compressed stream holds up to 256 KB, twenty times as much as an uncompressed one.
    /// </summary>
    public bool Streams { get; set; }
}
