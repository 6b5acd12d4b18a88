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
/// One value of any type, to be bound or read where the type is not known beforehand. Text is UTF-8 and not looked into, so that what
/// was read is bound again to the last byte, even where it is no valid UTF-8. Of a blob only that it is one is kept.
/// </summary>
internal readonly struct SqliteValue
{
    private readonly long _integer;
    private readonly double _real;
    private readonly byte[]? _text;

    private SqliteValue(SqliteType type, long integer = 0, double real = 0, byte[]? text = null) =>
        (Type, _integer, _real, _text) = (type, integer, real, text);

    public static SqliteValue Null => default;

    /// <summary>A blob of no bytes.</summary>
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
