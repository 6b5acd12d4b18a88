using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AllInOne.Core.Values.Json;

/// <summary>
/// Writes an object from parts that are JSON already, and copies each part byte for byte. After a name, the caller writes its value.
/// </summary>
internal struct JsonObjectWriter(IBufferWriter<byte> output)
{
    private bool _any;

    /// <param name="quoted">The name as JSON, with its quotes.</param>
    public void Name(ReadOnlySpan<byte> quoted)
    {
        output.Write(_any ? ","u8 : "{"u8);
        output.Write(quoted);
        output.Write(":"u8);
        _any = true;
    }

    public void Name(JsonProperty member)
    {
        output.Write(_any ? ",\""u8 : "{\""u8);
        output.Write(JsonMarshal.GetRawUtf8PropertyName(member));
        output.Write("\":"u8);
        _any = true;
    }

    public readonly void End() => output.Write(_any ? "}"u8 : "{}"u8);
}
