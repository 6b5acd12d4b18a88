using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using LiteDB;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>A collection as the file has it: a document of the collection <c>c</c>.</summary>
/// <param name="Number">Never used twice. It also names the collection of the documents.</param>
/// <param name="Floor">The greatest version that a deleted document had: new ones begin above it.</param>
/// <param name="IsDeleted">Whether only the floor is kept.</param>
/// <param name="Slots">The member of <c>k</c> that has the keys of each index, by its path.</param>
internal sealed record LiteCollection(
    long Number, string Name, CollectionDefinition Definition, long Created, long Updated, long Floor, bool IsDeleted,
    IReadOnlyDictionary<FieldPath, string> Slots)
{
    /// <summary>The beginning of the names of all such collections. Those of the server's own data have one letter.</summary>
    public const char StorePrefix = 'd';

    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>The name of LiteDB's collection with the documents.</summary>
    public string Store { get; } = $"{StorePrefix}{Base36(Number)}";

    public static LiteCollection Read(BsonDocument row) => new(
        row["_id"].AsInt64,
        row["n"].AsString,
        CollectionDefinitionJson.Read(row["d"].AsString),
        row["c"].AsInt64,
        row["u"].AsInt64,
        row["f"].AsInt64,
        row["x"].AsBoolean,
        row["i"].AsArray.ToDictionary(slot => FieldPath.Parse(slot["p"].AsString), slot => slot["s"].AsString));

    public BsonDocument Write() => new()
    {
        ["_id"] = Number,
        ["n"] = Name,
        ["d"] = CollectionDefinitionJson.Write(Definition),
        ["c"] = Created,
        ["u"] = Updated,
        ["f"] = Floor,
        ["x"] = IsDeleted,
        ["i"] = new BsonArray(Slots.Select(slot => new BsonDocument { ["p"] = slot.Key.Text, ["s"] = slot.Value })),
    };

    public Collection ToCollection() => new(
        Number, CollectionName.Stored(Name), Definition, Microseconds.ToTime(Created), Microseconds.ToTime(Updated), engine: Store);

    private static string Base36(long number)
    {
        var text = "";
        do
        {
            text = Digits[(int)(number % Digits.Length)] + text;
            number /= Digits.Length;
        }
        while (number > 0);

        return text;
    }
}
