using LiteDB;
using LiteDB.Engine;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>
/// The collections of the file, in memory. It has what the present instance of the engine has committed, and the changes of the open transaction; if
/// the transaction fails, engine and catalog are thrown away together. For the thread that has the turn.
/// </summary>
internal sealed class LiteCatalog
{
    private const string Collections = "c";
    private const string Marks = "m";
    private const string BatchMark = "batch";
    private const string SchemaMark = "schema";
    private const int Schema = 1;

    private readonly Dictionary<long, LiteCollection> _collections;
    private readonly HashSet<long> _changed = [];
    private long _batch;
    private bool _isNew;

    private LiteCatalog(Dictionary<long, LiteCollection> collections, long batch, bool isNew) =>
        (_collections, _batch, _isNew) = (collections, batch, isNew);

    /// <summary>Whether the open transaction deletes a collection.</summary>
    public bool HasDropped { get; private set; }

    /// <summary>All collections that exist.</summary>
    public IEnumerable<LiteCollection> Live => _collections.Values.Where(collection => !collection.IsDeleted);

    public static LiteCatalog Read(LiteEngine engine)
    {
        var marks = LiteRows.All(engine, Marks, new Query()).ToDictionary(row => row["_id"].AsString, row => row["n"].AsInt64);
        return new LiteCatalog(
            LiteRows.All(engine, Collections, new Query()).Select(LiteCollection.Read).ToDictionary(collection => collection.Number),
            marks.GetValueOrDefault(BatchMark),
            isNew: !marks.ContainsKey(SchemaMark));
    }

    public LiteCollection? Find(long number) =>
        _collections.TryGetValue(number, out var collection) && !collection.IsDeleted ? collection : null;

    public LiteCollection? Find(string name) => Live.FirstOrDefault(collection => collection.Name == name);

    /// <exception cref="CollectionGoneException">The collection was deleted.</exception>
    public LiteCollection Of(Collection collection) => Find(collection.Number) ?? throw new CollectionGoneException(collection.Name);

    /// <summary>The number of a new collection.</summary>
    public long NextNumber => _collections.Count == 0 ? 1 : _collections.Keys.Max() + 1;

    /// <summary>The version below which a new collection with this name must not begin.</summary>
    public long FloorOf(string name) =>
        _collections.Values.Where(collection => collection.IsDeleted && (collection.Name == name || collection.Name.Length == 0))
            .Select(collection => collection.Floor).DefaultIfEmpty(0).Max();

    public void Set(LiteCollection collection)
    {
        _collections[collection.Number] = collection;
        HasDropped |= collection.IsDeleted;
        _changed.Add(collection.Number);
    }

    /// <summary>Forgets deleted collections with this name, except one.</summary>
    public void ForgetDeleted(string name, long except)
    {
        // The greatest number stays, so that no number is used twice.
        var last = NextNumber - 1;
        foreach (var old in _collections.Values.Where(one => one.IsDeleted && one.Name == name && one.Number != except && one.Number != last).ToList())
        {
            _collections.Remove(old.Number);
            _changed.Add(old.Number);
        }
    }

    /// <summary>
    /// Drops the documents of deleted collections. Called without an open transaction: after a commit, and when the file is opened, because a process
    /// may have died in between.
    /// </summary>
    /// <returns>Whether something was dropped, which must be committed.</returns>
    public bool DropDeleted(LiteEngine engine)
    {
        var live = Live.Select(collection => collection.Store).ToHashSet(StringComparer.Ordinal);
        var left = engine.GetCollectionNames().Where(name => name.StartsWith(LiteCollection.StorePrefix) && !live.Contains(name)).ToList();
        left.ForEach(name => engine.DropCollection(name));
        HasDropped = false;
        return left.Count > 0;
    }

    /// <summary>Writes the changes and the number of the batch into the open transaction.</summary>
    public void Store(LiteEngine engine)
    {
        foreach (var number in _changed)
        {
            if (!_collections.TryGetValue(number, out var collection))
            {
                engine.Delete(Collections, [number]);
            }
            else
            {
                engine.Upsert(Collections, [collection.Write()], BsonAutoId.Int64);
            }
        }

        _changed.Clear();
        if (_isNew)
        {
            engine.Insert(Marks, [Row(SchemaMark, Schema)], BsonAutoId.Int64);
            _isNew = false;
        }

        engine.Upsert(Marks, [Row(BatchMark, ++_batch)], BsonAutoId.Int64);
    }

    private static BsonDocument Row(string id, long number) => new() { ["_id"] = id, ["n"] = number };
}
