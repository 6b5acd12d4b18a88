using System.Text;

namespace AllInOne.Core.Storage.Sqlite;

internal enum SqliteType
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
internal readonly struct SqliteValue
{
    private readonly long _integer;
    private readonly double _real;
    private readonly byte[]? _text;

    private SqliteValue(SqliteType type, long integer = 0, double real = 0, byte[]? text = null) =>
        (Type, _integer, _real, _text) = (type, integer, real, text);

    public static SqliteValue Null => default;

    /// <summary>An empty blob.</summary>
    public static SqliteValue EmptyBlob { get; } = new(SqliteType.Blob);

    public SqliteType Type { get; }

    public long Integer => _integer;

    public double Real => _real;

    public ReadOnlyMemory<byte> Utf8 => _text;

    public static SqliteValue From(long value) => new(SqliteType.Integer, integer: value);

    public static SqliteValue From(double value) => new(SqliteType.Real, real: value);

    public static SqliteValue From(string text) => new(SqliteType.Text, text: Encoding.UTF8.GetBytes(text));

    public static SqliteValue From(byte[] utf8) => new(SqliteType.Text, text: utf8);

    public override string ToString() => Type switch
    {
        SqliteType.Integer => $"{_integer}",
        SqliteType.Real => $"{_real:R}",
        SqliteType.Text => $"'{Encoding.UTF8.GetString(_text!)}'",
        _ => Type.ToString(),
    };
}
