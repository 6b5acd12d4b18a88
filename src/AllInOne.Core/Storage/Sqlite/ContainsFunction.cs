using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// <c>contains(text, part)</c> in SQL: whether a text holds another one, letters of every script without regard to case, one character
/// for one. SQLite's own functions know the case of A to Z alone.
/// </summary>
internal static class ContainsFunction
{
    private const int OnStack = 512;

    public static void AddTo(sqlite3 database) => SqliteException.ThrowExceptionForRC(
        raw.sqlite3_create_function(database, "contains", 2, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null, Apply), database);

    public static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        // There are never more UTF-16 units than bytes of UTF-8.
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

    // Nothing may be thrown from here: below it is SQLite.
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
