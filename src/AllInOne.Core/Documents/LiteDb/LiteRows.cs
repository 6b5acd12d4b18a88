using System.Text;
using AllInOne.Core.Documents.Queries.Evaluation;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using LiteDB;
using LiteDB.Engine;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>
/// A document as LiteDB has it: <c>{_id, v, c, u, j, k}</c> with the version, the times in microseconds, the JSON text as it came, and the keys of the
/// declared indexes by their slots. LiteDB's own types, filters and orders are not used.
/// </summary>
internal static class LiteRows
{
    /// <summary>The expression of the index by which old documents are found.</summary>
    public const string Updated = "$.u";

    /// <summary>The largest text of one document. LiteDB takes 16,683,050 bytes with everything else.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const string ById = "$._id = @0";

    /// <summary>The expression of the index in a slot.</summary>
    public static string KeyIn(string slot) => $"$.k.{slot}";

    public static BsonDocument Write(LiteCollection collection, StoredRow row)
    {
        var keys = new BsonDocument();
        foreach (var (path, slot) in collection.Slots)
        {
            keys[slot] = IndexKey.Of(FieldKey.Of(row, path), row.Id);
        }

        return new BsonDocument
        {
            ["_id"] = row.Id,
            ["v"] = row.Version,
            ["c"] = row.Created,
            ["u"] = row.Updated,
            ["j"] = Encoding.UTF8.GetString(row.Data.Span),
            ["k"] = keys,
        };
    }

    public static StoredRow Read(BsonDocument row) => new(
        row["_id"].AsString, row["v"].AsInt64, row["c"].AsInt64, row["u"].AsInt64, Encoding.UTF8.GetBytes(row["j"].AsString));

    public static Document ToDocument(StoredRow row) => new(
        DocumentId.Stored(row.Id), row.Version, Microseconds.ToTime(row.Created), Microseconds.ToTime(row.Updated), row.Data);

    /// <summary>One document; null if it does not exist.</summary>
    public static BsonDocument? Find(LiteEngine engine, string store, string id)
    {
        var query = new Query();
        query.Where.Add(BsonExpression.Create(ById, id));
        return All(engine, store, query).FirstOrDefault();
    }

    /// <summary>One document as queries see it; null if it does not exist.</summary>
    public static StoredRow? Read(LiteEngine engine, string store, string id) => Find(engine, store, id) is { } row ? Read(row) : null;

    /// <summary>The rows of a query, read one by one. The cursor is closed at the end of the enumeration.</summary>
    public static IEnumerable<BsonDocument> All(LiteEngine engine, string store, Query query)
    {
        using var reader = engine.Query(store, query);
        while (reader.Read())
        {
            yield return reader.Current.AsDocument;
        }
    }
}
