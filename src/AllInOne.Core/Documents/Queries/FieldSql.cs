namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// The SQL of one field over a table with the columns <c>id</c>, <c>version</c>, <c>created</c>, <c>updated</c> and <c>data</c> (JSON
/// text). All comparison and all order go over one expression, the field's key, so that one index on it serves them all.
/// </summary>
/// <remarks>
/// <para>
/// SQLite uses an index on an expression only where a query holds the same expression with the same constants: a path cannot be
/// a parameter. So it is a literal, and this is the only place where something of a client's gets into SQL text. That is safe because a
/// <see cref="FieldPath"/> holds nothing but ASCII letters, digits, <c>_</c>, <c>-</c> and dots: no quote to end the SQL literal or the
/// name inside it, no backslash, no <c>$</c>, <c>[</c> or <c>#</c> that means something to a JSON path. Names are in double quotes all the
/// same, so that <c>-</c> is a part of the name, and indexes are digits in brackets.
/// </para>
/// <para>
/// The key makes SQLite's order of types (numbers, text, blobs) the language's total order, null, false, true, numbers, strings, others:
/// a number stands for itself, a string for its first <see cref="KeyLength"/> characters (so a cursor stays short), an array or
/// object is an empty blob, and the three that must come before all numbers get the three lowest. Numbers below -1.77e308 count as that,
/// also integers in the text: integers of more than 64 bits are doubles here.
/// </para>
/// </remarks>
internal static class FieldSql
{
    /// <summary>In code points, as SQLite counts.</summary>
    public const int KeyLength = 128;

    public const string NullKey = "-9e999";
    public const string FalseKey = "-1.79e308";
    public const string TrueKey = "-1.78e308";
    public const string LeastNumber = "-1.77e308";

    /// <summary>What sorts after every number and before every other string.</summary>
    public const string LeastString = "''";

    /// <summary>The key of arrays and objects, right after every string.</summary>
    public const string OtherKey = "x''";

    /// <summary>The key: never NULL, and of no affinity, so that nothing is converted when it is compared.</summary>
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

    /// <summary>The JSON type as SQLite names it, NULL for what is not there.</summary>
    public static string Type(FieldPath field) => $"json_type(data,{JsonPath(field)})";

    /// <summary>The whole value; booleans are numbers here and arrays text, so it is nothing without the type.</summary>
    public static string Value(FieldPath field) => $"json_extract(data,{JsonPath(field)})";

    public static string JsonPath(FieldPath field) =>
        $"'${string.Concat(field.Segments.Select(segment => FieldPath.IsIndex(segment) ? $"[{segment}]" : $".\"{segment}\""))}'";

    /// <summary>The columns of an index that serves every comparison, every range and every order by this field.</summary>
    public static string IndexColumns(FieldPath field) => $"{Key(field)}, id";
}
