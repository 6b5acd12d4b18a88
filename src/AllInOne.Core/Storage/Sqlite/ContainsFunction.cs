using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// <c>contains(text, part)</c> in SQL: whether a text contains another text. It ignores the case of the letters of every script, one character at a
/// time. The functions of SQLite itself only know the case of A to Z.
/// </summary>
internal static class ContainsFunction
{
    private const int OnStack = 512;

    public static void AddTo(sqlite3 database) => SqliteException.ThrowExceptionForRC(
        raw.sqlite3_create_function(database, "contains", 2, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null, Apply), database);

    public static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        // UTF-16 never has more units than UTF-8 has bytes.
        var (rentedText, rentedPart) = (Rent(text), Rent(part));
        var textChars = rentedText ?? stackalloc char[OnStack];
        var partChars = rentedPart ?? stackalloc char[OnStack];
        textChars = textChars[..Encoding.UTF8.GetChars(text, textChars)];
        partChars = partChars[..Encoding.UTF8.GetChars(part, partChars)];
        var found = ((ReadOnlySpan<char>)textChars).Contains(partChars, StringComparison.OrdinalIgnoreCase);
        Return(rentedText);
        Return(rentedPart);
        return found;
    }

    // No exception may leave this method, because native code of SQLite calls it.
    private static void Apply(sqlite3_context context, object state, sqlite3_value[] arguments) => raw.sqlite3_result_int(
        context, Contains(raw.sqlite3_value_blob(arguments[0]), raw.sqlite3_value_blob(arguments[1])) ? 1 : 0);

    private static char[]? Rent(ReadOnlySpan<byte> utf8) => utf8.Length > OnStack ? ArrayPool<char>.Shared.Rent(utf8.Length) : null;

    private static void Return(char[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
