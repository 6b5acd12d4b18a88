using System.Text;

namespace AllInOne.Core.Storage;

internal enum StoredType
{
    Null,
    Integer,
    Real,
    Text,
    Blob,
}

/// <summary>
/// One value whose type is not known in advance, to bind or to read. A text is UTF-8 and is not validated, so a text that was read is bound again
/// with the same bytes, even if it is not valid UTF-8. For a blob, only its type is kept.
/// </summary>
internal readonly struct StoredValue
{
    private readonly long _integer;
    private readonly double _real;
    private readonly byte[]? _text;

    private StoredValue(StoredType type, long integer = 0, double real = 0, byte[]? text = null) =>
        (Type, _integer, _real, _text) = (type, integer, real, text);

    public static StoredValue Null => default;

    /// <summary>An empty blob.</summary>
    public static StoredValue EmptyBlob { get; } = new(StoredType.Blob);

    public StoredType Type { get; }

    public long Integer => _integer;

    public double Real => _real;

    public ReadOnlyMemory<byte> Utf8 => _text;

    public static StoredValue From(long value) => new(StoredType.Integer, integer: value);

    public static StoredValue From(double value) => new(StoredType.Real, real: value);

    public static StoredValue From(string text) => new(StoredType.Text, text: Encoding.UTF8.GetBytes(text));

    public static StoredValue From(byte[] utf8) => new(StoredType.Text, text: utf8);

    public override string ToString() => Type switch
    {
        StoredType.Integer => $"{_integer}",
        StoredType.Real => $"{_real:R}",
        StoredType.Text => $"'{Encoding.UTF8.GetString(_text!)}'",
        _ => Type.ToString(),
    };
}
