using AllInOne.Core.Documents.LiteDb.Files;
using LiteDB;
using LiteDB.Engine;

namespace AllInOne.Core.Tests.Documents.LiteDb;

/// <summary>A LiteDB file behind the guards, with random transactions, and the contents that were acknowledged.</summary>
internal sealed class LiteFileAtWork : IDisposable
{
    private const string Things = "things";

    private readonly LiteFile _file;
    private readonly Random _random;
    private GuardedEngine? _engine;

    public LiteFileAtWork(string directory, Random random, UnsafeDisk? disk = null)
    {
        _random = random;
        _file = LiteFile.Open(directory, keptLogBytes: 256 * 1024, disk is null ? path => new FileIo(path) : disk.Open);
    }

    /// <summary>The contents after the last acknowledged transaction.</summary>
    public Dictionary<string, string> Acknowledged { get; private set; } = [];

    /// <summary>The contents if the transaction that was interrupted counts.</summary>
    public Dictionary<string, string>? Begun { get; private set; }

    public GuardedEngine Engine => _engine ??= new GuardedEngine(_file);

    public long LogBytes => _file.Log.Bytes;

    public Dictionary<string, string> Contents()
    {
        var contents = new Dictionary<string, string>();
        using var reader = Engine.Engine.Query(Things, new Query());
        while (reader.Read())
        {
            contents.Add(reader.Current["_id"].AsString, reader.Current["x"].AsString);
        }

        return contents;
    }

    /// <summary>Throws the engine away, as after a failure.</summary>
    public void Renew()
    {
        _engine?.Dispose();
        _engine = null;
    }

    /// <summary>Runs one random transaction, or a checkpoint. After an exception nothing is known of it but <see cref="Begun"/>.</summary>
    public void Step()
    {
        if (_random.Next(12) == 0)
        {
            Engine.Checkpoint();
            return;
        }

        var after = new Dictionary<string, string>(Acknowledged);
        Engine.Engine.BeginTrans();
        for (var n = _random.Next(1, 8); n > 0; n--)
        {
            Change(Engine.Engine, after);
        }

        if (_random.Next(6) == 0)
        {
            Engine.Engine.Rollback();
            Engine.MustBeSound();
            return;
        }

        Begun = after;
        Engine.Commit();
        (Acknowledged, Begun) = (after, null);
    }

    public void Dispose()
    {
        Renew();
        _file.Dispose();
    }

    private void Change(LiteEngine engine, Dictionary<string, string> contents)
    {
        var id = $"d{_random.Next(40)}";
        var text = new string((char)('a' + _random.Next(26)), _random.Next(1, _random.Next(10) == 0 ? 30_000 : 300));
        var document = new BsonDocument { ["_id"] = id, ["x"] = text };
        if (!contents.ContainsKey(id))
        {
            engine.Insert(Things, [document], BsonAutoId.Int64);
            contents[id] = text;
        }
        else if (_random.Next(3) == 0)
        {
            engine.Delete(Things, [id]);
            contents.Remove(id);
        }
        else
        {
            engine.Update(Things, [document]);
            contents[id] = text;
        }
    }
}
