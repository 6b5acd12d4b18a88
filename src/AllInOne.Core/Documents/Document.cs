using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Documents;

/// <summary>A stored document: the JSON object of the user, and the members that the server adds.</summary>
/// <param name="Data">The user's members as one JSON object in UTF-8, without <c>id, version, created, updated</c>.</param>
public sealed record Document(DocumentId Id, long Version, DateTimeOffset Created, DateTimeOffset Updated, ReadOnlyMemory<byte> Data)
{
    /// <summary>
    /// Writes the whole document as JSON: first the id, then the version and the times, then the members of the user with their original text.
    /// </summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        WriteHead(output);
        output.Write(Data.Span[1..]);
    }

    /// <summary>
    /// Writes the same in slices, each when the reader has taken the previous ones. So the output never holds a whole copy of a large document.
    /// </summary>
    public ValueTask WriteAsync(PipeWriter output, CancellationToken cancel)
    {
        WriteHead(output);
        return Slices.WriteAsync(output, Data[1..], cancel);
    }

    private void WriteHead(IBufferWriter<byte> output)
    {
        // An id and a time contain no character that JSON would escape.
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"id\":\"{Id}\",\"version\":{Version},\"created\":\"{Time(Created)}\",\"updated\":\"{Time(Updated)}\"");
        Encoding.UTF8.GetBytes(head, output);
        if (Data.Span[1..].TrimStart(" \t\r\n"u8)[0] != '}')
        {
            output.Write(","u8);
        }
    }

    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(Data.Length + 160);
        WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
