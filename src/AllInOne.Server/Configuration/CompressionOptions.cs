namespace AllInOne.Server.Configuration;

/// <summary>Section <c>Http:Compression</c>: answers in fewer bytes for clients that ask for it (<c>Accept-Encoding</c>).</summary>
internal sealed class CompressionOptions
{
    /// <summary>Compresses JSON and text with Brotli or gzip; over plain HTTP only, since a secret in an answer could be guessed by its length under TLS.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Compresses streams of events, too, with a flush for each batch. Off by default: a browser always asks for it, and each compressed
    /// stream holds up to a quarter of a megabyte for as long as it lasts, twenty times what it holds otherwise.
    /// </summary>
    public bool Streams { get; set; }
}
