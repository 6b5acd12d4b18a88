using System.Runtime.ExceptionServices;
using System.Text.Json;

namespace AllInOne.Core.Values.Json;

/// <summary>
/// Parsed JSON that a client has sent. The parser rents its table of values, 12 bytes for each, from the shared pool, and the pool keeps arrays for
/// each thread that has returned one. A few megabytes for each thread would take all memory of a small process. So if memory is small, a large text
/// is parsed on a new thread, and the arrays that the pool keeps for this thread are released with it. Small texts, and all texts if memory is large,
/// are parsed on the thread of the caller.
/// </summary>
public sealed class ParsedJson : IDisposable
{
    /// <summary>The size from which a text, or the table of its values, is large.</summary>
    public const int LargeBytes = 128 * 1024;

    private const long SmallMemory = 2L * 1024 * 1024 * 1024;
    private const int BytesOfValue = 12;
    private const int StackBytes = 256 * 1024;

    private static readonly bool IsMemorySmall = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < SmallMemory;

    private readonly JsonDocument? _pooled;

    private ParsedJson(JsonElement root, JsonDocument? pooled) => (RootElement, _pooled) = (root, pooled);

    /// <summary>The parsed value. Do not use it after disposal.</summary>
    public JsonElement RootElement { get; }

    /// <param name="utf8">The text. It must not change until disposal.</param>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static ParsedJson Parse(ReadOnlyMemory<byte> utf8, JsonDocumentOptions options) => Parse(utf8, options, IsMemorySmall);

    /// <summary>The maximum size of the parser's table: each value follows one of these bytes, or begins or ends with one.</summary>
    public static long TableBytes(ReadOnlySpan<byte> utf8) =>
        BytesOfValue * (1L + utf8.Count((byte)',') + utf8.Count((byte)':') + (2L * (utf8.Count((byte)'[') + utf8.Count((byte)'{'))));

    public void Dispose() => _pooled?.Dispose();

    internal static ParsedJson Parse(ReadOnlyMemory<byte> utf8, JsonDocumentOptions options, bool isMemorySmall)
    {
        if (isMemorySmall && (utf8.Length >= LargeBytes || (utf8.Length >= LargeBytes / BytesOfValue && TableBytes(utf8.Span) >= LargeBytes)))
        {
            return new ParsedJson(ParseAlone(utf8, options), null);
        }

        var document = JsonDocument.Parse(utf8, options);
        return new ParsedJson(document.RootElement, document);
    }

    private static JsonElement ParseAlone(ReadOnlyMemory<byte> utf8, JsonDocumentOptions options)
    {
        var (root, failure) = (default(JsonElement), (Exception?)null);
        var thread = new Thread(
            () =>
            {
                try
                {
                    root = JsonElement.Parse(utf8.Span, options);
                }
                catch (Exception e)
                {
                    // The boundary of the thread: the caller throws this exception.
                    failure = e;
                }
            },
            StackBytes)
        { IsBackground = true, Name = "large JSON" };
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return root;
    }
}
