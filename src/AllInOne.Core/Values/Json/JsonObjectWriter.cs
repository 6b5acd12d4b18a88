using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AllInOne.Core.Values.Json;

/// <summary>An object being written of parts that are JSON already, each copied as it was written. After a name comes its value.</summary>
internal struct JsonObjectWriter(IBufferWriter<byte> output)
{
    private bool _any;

    /// <param name="quoted">As JSON.</param>
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
