using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Queries.Evaluation;

namespace AllInOne.Core.Documents.Sqlite;

/// <summary>
/// The SQL of one field of a table with the columns <c>id</c>, <c>version</c>, <c>created</c>, <c>updated</c> and <c>data</c> (JSON text). All
/// comparisons and all orders use one expression, the key of the field, so one index on this expression serves all of them.
/// </summary>
/// <remarks>
/// <para>SQLite uses an index on an expression only if a query has the same expression with the same constants, so a path cannot be a parameter. It
/// is a literal, and this is the only place where text of a client comes into SQL. This is safe, because a <see cref="FieldPath"/> contains only
/// ASCII letters, digits, <c>_</c>, <c>-</c> and dots. It contains no quote, which could end the SQL literal or the name inside it, and no backslash,
/// <c>$</c>, <c>[</c> or <c>#</c>, which have a meaning in a JSON path. Names are in double quotes, so that <c>-</c> is a part of the name, and
/// indexes are digits in brackets.</para>
/// <para>SQLite orders values by type: numbers, text, blobs. The key maps JSON values to this order, so that the order of the language results: null,
/// false, true, numbers, strings, others. The key of a number is the number itself. The key of a string is its first <see cref="KeyLength"/>
/// characters, so that a cursor stays short. The key of an array or object is an empty blob. The keys of null, false and true are the three lowest
/// numbers. Numbers below -1.77e308 have the key of that number; this includes integers in the text, because integers of more than 64 bits are
/// doubles here.</para>
/// </remarks>
internal static class FieldSql
{
    /// <summary>The length in code points, as SQLite counts.</summary>
    public const int KeyLength = FieldKey.Length;

    public const string NullKey = "-9e999";
    public const string FalseKey = "-1.79e308";
    public const string TrueKey = "-1.78e308";
    public const string LeastNumber = "-1.77e308";

    /// <summary>The least string: it sorts after every number and before every other string.</summary>
    public const string LeastString = "''";

    /// <summary>The key of arrays and objects, which sorts after every string.</summary>
    public const string OtherKey = "x''";

    /// <summary>The key expression. It is never NULL. It has no affinity, so a comparison converts no value.</summary>
    public static string Key(FieldPath field)
    {
        if (field.IsOwn)
        {
            return field.Text;
        }

        var value = Value(field);
        return $"""
            CASE {Type(field)}
             WHEN 'text' THEN substr({value},1,{KeyLength})
             WHEN 'integer' THEN max({value},{LeastNumber})
             WHEN 'real' THEN max({value},{LeastNumber})
             WHEN 'true' THEN {TrueKey}
             WHEN 'false' THEN {FalseKey}
             WHEN 'array' THEN {OtherKey}
             WHEN 'object' THEN {OtherKey}
             ELSE {NullKey} END
            """.ReplaceLineEndings("");
    }

    /// <summary>The JSON type, by SQLite's name; NULL if the field does not exist.</summary>
    public static string Type(FieldPath field) => $"json_type(data,{JsonPath(field)})";

    /// <summary>The whole value. Booleans become numbers and arrays become text, so its meaning depends on the type.</summary>
    public static string Value(FieldPath field) => $"json_extract(data,{JsonPath(field)})";

    public static string JsonPath(FieldPath field) =>
        $"'${string.Concat(field.Segments.Select(segment => FieldPath.IsIndex(segment) ? $"[{segment}]" : $".\"{segment}\""))}'";

    /// <summary>The columns of an index that serves all comparisons, ranges and orders of this field.</summary>
    public static string IndexColumns(FieldPath field) => $"{Key(field)}, id";
}
