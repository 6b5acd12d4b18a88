using AllInOne.Core.Documents.LiteDb.Files;
using AllInOne.Core.Storage;
using LiteDB;

namespace AllInOne.Core.Tests.Documents.LiteDb;

/// <summary>Random transactions on one file, and what must be found afterwards. Like the product it throws an engine away that has failed.</summary>
internal sealed class LiteWork(string path)
{
    private const string Name = "docs";

    /// <summary>The acknowledged documents: text by id.</summary>
    public Dictionary<int, string> Acknowledged { get; private set; } = [];

    /// <summary>The documents after the transaction that was not acknowledged; null if there was none.</summary>
    public Dictionary<int, string>? Unacknowledged { get; private set; }

    public static Dictionary<int, string> Read(GuardedEngine engine)
    {
        var found = new Dictionary<int, string>();
        using (var reader = engine.Engine.Query(Name, new Query()))
        {
            while (reader.Read())
            {
                found.Add(reader.Current["_id"].AsInt32, reader.Current["text"].AsString);
            }
        }

        // The second index must have the same documents.
        var query = new Query();
        query.Where.Add(BsonExpression.Create("length >= 0"));
        using (var reader = engine.Engine.Query(Name, query))
        {
            var count = 0;
            while (reader.Read())
            {
                Assert.Equal(found[reader.Current["_id"].AsInt32].Length, reader.Current["length"].AsInt32);
                count++;
            }

            Assert.Equal(found.Count, count);
        }

        return found;
    }

    public static BsonDocument Document(int id, string text) => new() { ["_id"] = id, ["text"] = text, ["length"] = text.Length };

    /// <summary>Runs until a failure, or for the number of transactions. An engine of an earlier run is checkpointed first, as in the product.</summary>
    /// <returns>The failure; null if there was none.</returns>
    public StorageException? Run(TestDisk disk, Random random, int transactions)
    {
        try
        {
            using var file = LiteFile.Open(path, disk.Open);
            using var engine = file.OpenEngine();
            if (engine.NeedsCheckpoint)
            {
                engine.Checkpoint();
            }

            for (var n = 0; n < transactions; n++)
            {
                Transact(engine, random);
                if (random.Next(8) == 0)
                {
                    engine.Checkpoint();
                }
            }

            return null;
        }
        catch (StorageException failure)
        {
            return failure;
        }
    }

    /// <summary>One transaction, which is committed or rolled back.</summary>
    public void Transact(GuardedEngine engine, Random random)
    {
        var next = new Dictionary<int, string>(Acknowledged);
        engine.Engine.BeginTrans();
        engine.Engine.EnsureIndex(Name, "length", BsonExpression.Create("$.length"), false);
        for (var n = random.Next(1, 12); n > 0; n--)
        {
            var id = random.Next(60);
            if (random.Next(4) == 0)
            {
                engine.Engine.Delete(Name, [id]);
                next.Remove(id);
            }
            else
            {
                next[id] = new string((char)random.Next('a', 'z'), random.Next(random.Next(10) == 0 ? 30_000 : 400));
                engine.Engine.Upsert(Name, [Document(id, next[id])], BsonAutoId.Int32);
            }
        }

        if (random.Next(4) == 0)
        {
            engine.Engine.Rollback();
            return;
        }

        Unacknowledged = next;
        engine.Commit();
        Acknowledged = next;
        Unacknowledged = null;
    }

    /// <summary>Opens the file on a disk that works, and compares. What is found counts as acknowledged from now on.</summary>
    public void Verify(string what, TestDisk? disk = null, bool checkpoint = true)
    {
        using var file = LiteFile.Open(path, (disk ?? new TestDisk()).Open);
        using (var engine = file.OpenEngine())
        {
            Compare(Read(engine), what);
            if (checkpoint && engine.NeedsCheckpoint)
            {
                engine.Checkpoint();
            }

            Compare(Read(engine), what);
        }

        using var again = file.OpenEngine();
        Compare(Read(again), what);
    }

    private void Compare(Dictionary<int, string> found, string what)
    {
        if (!Same(found, Acknowledged))
        {
            Assert.True(Unacknowledged is not null && Same(found, Unacknowledged), $"{what}: {found.Count} documents, {Acknowledged.Count} acknowledged");
            Acknowledged = found;
        }

        Unacknowledged = null;
    }

    private static bool Same(Dictionary<int, string> one, Dictionary<int, string> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var text) && text == pair.Value);
}
