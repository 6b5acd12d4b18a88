using System.Globalization;
using System.Text;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Queries.Evaluation;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using LiteDB;
using LiteDB.Engine;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>Collections and documents within the open transaction of a LiteDB file.</summary>
internal sealed class LiteSession(LiteEngine engine, LiteCatalog catalog) : IDocumentSession
{
    private const string UpdatedIndex = "u";

    /// <summary>The number of documents that one pass of an index build rewrites at a time.</summary>
    private const int RewrittenAtOnce = 1_000;

    /// <summary>The number of changes that were made in this transaction.</summary>
    public int Changes { get; private set; }

    public Collection? Find(CollectionName name) => catalog.Find(name.Value)?.ToCollection();

    public long CountCollections() => catalog.Live.Count();

    public Collection Create(CollectionName name, CollectionDefinition definition, DateTimeOffset now)
    {
        Changes++;
        var time = Microseconds.From(now);
        var number = catalog.NextNumber;
        var made = new LiteCollection(number, name.Value, definition, time, time, catalog.FloorOf(name.Value), false, Slots(definition, None));
        catalog.Set(made);
        foreach (var slot in made.Slots.Values)
        {
            engine.EnsureIndex(made.Store, slot, LiteRows.KeyIn(slot), unique: false);
        }

        SetRetention(made, before: null);
        return made.ToCollection();
    }

    public Collection Redefine(Collection collection, CollectionDefinition definition, DateTimeOffset now)
    {
        Changes++;
        var before = catalog.Of(collection);
        var after = before with { Definition = definition, Updated = Microseconds.From(now), Slots = Slots(definition, before.Slots) };
        catalog.Set(after);
        foreach (var (path, slot) in before.Slots)
        {
            if (!after.Slots.ContainsKey(path))
            {
                engine.DropIndex(after.Store, slot);
            }
        }

        var added = after.Slots.Where(slot => !before.Slots.ContainsKey(slot.Key)).Select(slot => slot.Value).ToList();
        if (added.Count > 0)
        {
            Rewrite(after);
            added.ForEach(slot => engine.EnsureIndex(after.Store, slot, LiteRows.KeyIn(slot), unique: false));
        }

        SetRetention(after, before);
        return after.ToCollection();
    }

    /// <summary>Nothing to do: the keys of this engine have had one form so far.</summary>
    public void RenewIndexes(Collection collection)
    {
    }

    public void Drop(Collection collection)
    {
        Changes++;
        var there = catalog.Of(collection);
        var floor = LiteRows.All(engine, there.Store, new Query()).Select(row => row["v"].AsInt64).Append(there.Floor).Max();

        // LiteDB drops no collection within a transaction: the catalog does it after the commit.
        catalog.Set(there with { IsDeleted = true, Floor = floor });
        catalog.ForgetDeleted(there.Name, except: there.Number);
    }

    public bool Exists(Collection collection) => catalog.Find(collection.Number) is not null;

    public StoredHead? Head(Collection collection, DocumentId id) => LiteRows.Find(engine, Store(collection), id.Value) is { } row
        ? new StoredHead(row["v"].AsInt64, row["c"].AsInt64, row["u"].AsInt64)
        : null;

    public ReadOnlyMemory<byte> Data(Collection collection, DocumentId id) =>
        LiteRows.Read(engine, Store(collection), id.Value)!.Value.Data;

    public Document Insert(Collection collection, DocumentId id, ReadOnlyMemory<byte> data, DateTimeOffset now)
    {
        var there = catalog.Of(collection);
        var time = Microseconds.From(now);
        var row = new StoredRow(id.Value, there.Floor + 1, time, time, data);
        var written = Written(there, row);
        Changes++;
        engine.Insert(there.Store, [written], BsonAutoId.Int64);
        return LiteRows.ToDocument(row);
    }

    public Document Update(Collection collection, DocumentId id, StoredHead head, ReadOnlyMemory<byte> data, DateTimeOffset now)
    {
        // The time never goes back, even if the wall clock does.
        var there = catalog.Of(collection);
        var row = new StoredRow(id.Value, head.Version + 1, head.Created, Math.Max(Microseconds.From(now), head.Updated), data);
        var written = Written(there, row);
        Changes++;
        engine.Update(there.Store, [written]);
        return LiteRows.ToDocument(row);
    }

    public void Delete(Collection collection, DocumentId id, long version)
    {
        Changes++;
        engine.Delete(Store(collection), [id.Value]);
        RaiseFloor(collection, version);
    }

    public IReadOnlyList<DocumentChange.Deleted> Expire(Collection collection, DateTimeOffset before, int limit)
    {
        var query = new Query { Limit = limit, OrderBy = BsonExpression.Create(LiteRows.Updated) };
        query.Where.Add(BsonExpression.Create($"{LiteRows.Updated} < @0", Microseconds.From(before)));
        var gone = LiteRows.All(engine, Store(collection), query)
            .Select(row => new DocumentChange.Deleted(DocumentId.Stored(row["_id"].AsString), row["v"].AsInt64)).ToList();
        if (gone.Count > 0)
        {
            Changes++;
            engine.Delete(Store(collection), gone.Select(document => new BsonValue(document.Id.Value)));
            RaiseFloor(collection, gone.Max(document => document.Version));
        }

        return gone;
    }

    private static IReadOnlyDictionary<FieldPath, string> None { get; } = new Dictionary<FieldPath, string>();

    /// <summary>Keeps the slots of paths that stay, and gives the others a slot that no path has had at the same time.</summary>
    private static Dictionary<FieldPath, string> Slots(CollectionDefinition definition, IReadOnlyDictionary<FieldPath, string> before)
    {
        var slots = new Dictionary<FieldPath, string>();
        var number = 0;
        foreach (var path in definition.Indexes)
        {
            slots.Add(path, before.GetValueOrDefault(path) ?? Free());
        }

        return slots;

        string Free()
        {
            string slot;
            do
            {
                slot = string.Create(CultureInfo.InvariantCulture, $"s{number++}");
            }
            while (before.Values.Contains(slot));

            return slot;
        }
    }

    private string Store(Collection collection) => catalog.Of(collection).Store;

    private static BsonDocument Written(LiteCollection collection, StoredRow row)
    {
        // Checked before anything is changed, so that only this write is refused.
        if (Encoding.UTF8.GetByteCount(row.Id) + row.Data.Length > LiteRows.MaxBytes)
        {
            throw new InvalidDataException($"A document of LiteDB has at most {LiteRows.MaxBytes} bytes.");
        }

        return LiteRows.Write(collection, row);
    }

    private void RaiseFloor(Collection collection, long version)
    {
        var there = catalog.Of(collection);
        if (version > there.Floor)
        {
            catalog.Set(there with { Floor = version });
        }
    }

    private void SetRetention(LiteCollection now, LiteCollection? before)
    {
        if (now.Definition.Retention is not null)
        {
            engine.EnsureIndex(now.Store, UpdatedIndex, LiteRows.Updated, unique: false);
        }
        else if (before?.Definition.Retention is not null)
        {
            engine.DropIndex(now.Store, UpdatedIndex);
        }
    }

    /// <summary>Writes every document again, with the keys of the present slots.</summary>
    private void Rewrite(LiteCollection collection)
    {
        for (var after = ""; ;)
        {
            var query = new Query { Limit = RewrittenAtOnce };
            query.Where.Add(BsonExpression.Create("$._id > @0", after));
            var rows = LiteRows.All(engine, collection.Store, query).Select(LiteRows.Read).ToList();
            if (rows.Count == 0)
            {
                return;
            }

            engine.Update(collection.Store, rows.Select(row => LiteRows.Write(collection, row)));
            after = rows[^1].Id;
        }
    }
}
