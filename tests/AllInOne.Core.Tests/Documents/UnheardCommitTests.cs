using System.Text;
using System.Text.Json;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Storage.Sqlite.Writing;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests.Documents;

/// <summary>
/// A batch is committed, but its writer restarts, stops or fails before it has answered. The next incarnation has the batch in hand
/// again. The tests use no actors, so that this happens each time.
/// </summary>
public sealed class UnheardCommitTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly TreeParts _parts;
    private readonly DocumentStore _documents;
    private readonly Collection _things;

    public UnheardCommitTests()
    {
        _parts = new TreeParts(new SystemTreeOptions { Data = { Directory = _root["data"] } }, TimeProvider.System, NullLoggerFactory.Instance);
        _documents = _parts.Documents.Documents;
        var made = _documents.FindOrMakeAsync(CollectionName.Parse("things"), default);
        Settle();
        _things = made.AsTask().Result!;
    }

    private SqliteWriter Writer => _parts.Storage.Main.Writer;

    public void Dispose()
    {
        _parts.Dispose();
        _root.Dispose();
    }

    [Fact]
    public async Task Each_change_to_one_document_is_made_once_and_answered_as_it_was_made()
    {
        var put = Put("x", "{\"seen\":[]}", VersionCondition.None);
        var first = Insert("x", 1, Match(1));
        var second = Insert("x", 2, Match(2));
        var third = Insert("x", 3, VersionCondition.None);
        var stale = Insert("x", 4, Match(2));

        CommitUnheard();
        Settle();

        Assert.Equal([1L, 2, 3, 4], (await Task.WhenAll(put, first, second, third)).Select(VersionOf));
        Assert.IsType<DocumentChange.ConditionFailed>(await stale);
        Assert.Equal([1, 2, 3], await SeenAsync());
    }

    [Fact]
    public async Task A_write_that_a_later_write_of_the_batch_replaces_is_still_answered_as_done()
    {
        var gone = Put("gone", "{}", VersionCondition.None);
        Settle();
        var inserted = _documents.InsertAsync(_things, [Body("{\"id\":\"x\"}")], default);
        var replaced = Put("x", "{\"n\":1}", VersionCondition.None);
        var deleted = _documents.DeleteAsync(_things, DocumentId.Parse("gone"), Match(VersionOf(await gone)), default);
        var again = Put("gone", "{}", VersionCondition.None);

        CommitUnheard();
        Settle();

        Assert.Null((await inserted)!.Value.Taken);
        Assert.Equal(2, VersionOf(await replaced));
        Assert.IsType<DocumentChange.Deleted>(await deleted);
        Assert.Equal(2, VersionOf(await again));
    }

    [Fact]
    public async Task A_fault_after_the_commit_does_not_repeat_it()
    {
        var put = Put("x", "{\"seen\":[]}", VersionCondition.None);
        var first = Insert("x", 1, VersionCondition.None);
        var second = Insert("x", 2, VersionCondition.None);
        Writer.Queue.Enqueue(new LogThatGoesAway(Writer.File));

        Assert.IsType<FileGoneException>(Writer.Write(Writer.Queue.Take()!).Fault);
        Settle();

        Assert.Equal([1L, 2, 3], (await Task.WhenAll(put, first, second)).Select(VersionOf));
        Assert.Equal([1, 2], await SeenAsync());
    }

    [Fact]
    public async Task A_commit_that_the_file_does_not_have_is_made_again()
    {
        var put = Put("x", "{\"seen\":[]}", VersionCondition.None);
        Settle();
        await put;
        using (var aside = new SqliteSnapshot(Writer.File))
        {
            aside.Take();
            aside.CopyTo(_root["before.db"], default);
        }

        var first = Insert("x", 1, VersionCondition.None);
        CommitUnheard();
        // As if the disk had lost the commit.
        Writer.Renew();
        File.Copy(_root["before.db"], Writer.File.Path, overwrite: true);
        Settle();

        Assert.Equal(2, VersionOf(await first));
        Assert.Equal([1], await SeenAsync());
    }

    [Fact]
    public async Task Small_changes_of_large_documents_end_a_transaction_by_what_they_write()
    {
        var large = new string('x', 1_000_000);
        var puts = Enumerable.Range(0, 4).Select(n => Put($"d{n}", $$"""{"large":"{{large}}"}""", VersionCondition.None)).ToList();
        Settle();
        await Task.WhenAll(puts);
        var patch = JsonSerializer.SerializeToElement(new { n = 1 });
        var patches = Enumerable.Range(0, 40).Select(n => _documents.PatchAsync(_things, DocumentId.Parse($"d{n % 4}"), patch, VersionCondition.None, default)).ToList();
        var before = Writer.Figures().Transactions;

        Settle();

        Assert.All(await Task.WhenAll(patches), patched => Assert.IsType<DocumentChange.Stored>(patched));
        // 40 MB divided by 8 MiB.
        Assert.Equal(5, Writer.Figures().Transactions - before);
    }

    [Fact]
    public async Task A_write_whose_answer_fails_does_not_keep_the_other_writes_of_its_batch_from_their_answers()
    {
        var before = Put("a", "{}", VersionCondition.None);
        var broken = new UntellableWrite();
        Writer.Queue.Enqueue(broken);
        var after = Put("b", "{}", VersionCondition.None);
        var outcome = Writer.Write(Writer.Queue.Take()!);
        var failures = new List<Exception>();

        Writer.Settle(outcome, failures.Add);

        Assert.Equal([1L, 1], (await Task.WhenAll(before, after)).Select(VersionOf));
        Assert.Equal("it cannot be told", Assert.Single(failures).Message);
        Assert.Equal("done", await broken.Answered);
    }

    private void CommitUnheard()
    {
        var batch = Writer.Queue.Take()!;
        Assert.Null(Writer.Write(batch).Fault);
        Assert.Same(batch, Writer.Queue.Take());
    }

    private void Settle() => Assert.Null(WriteAll());

    private StorageException? WriteAll()
    {
        while (Writer.Queue.Take() is { } batch)
        {
            var outcome = Writer.Write(batch);
            if (outcome.Fault is { } fault)
            {
                return fault;
            }

            Writer.Settle(outcome, broken => throw broken);
        }

        return null;
    }

    private Task<DocumentChange> Put(string id, string json, VersionCondition condition) =>
        _documents.PutAsync(_things, DocumentId.Parse(id), Encoding.UTF8.GetBytes(json), condition, default);

    private Task<DocumentChange> Insert(string id, int value, VersionCondition condition) => _documents.InsertIntoAsync(
        _things, DocumentId.Parse(id), FieldPath.Parse("seen"), JsonSerializer.SerializeToElement(value), null, false, condition, default);

    private async Task<IEnumerable<int>> SeenAsync()
    {
        using var json = JsonDocument.Parse((await _documents.GetAsync(_things, DocumentId.Parse("x"), default))!.Data);
        return [.. json.RootElement.GetProperty("seen").EnumerateArray().Select(n => n.GetInt32())];
    }

    private static VersionCondition Match(long version) => new(new VersionSet(false, [version]), null);

    private static long VersionOf(DocumentChange change) => Assert.IsType<DocumentChange.Stored>(change).Document.Version;

    private static DocumentBody Body(string json) => DocumentBody.Read(Encoding.UTF8.GetBytes(json), new DocumentsOptions()).Body!;

    /// <summary>Deletes the WAL right before the commit.</summary>
    private sealed class LogThatGoesAway(SqliteFile file) : WriteOperation<SqliteSession>(default)
    {
        public override void Apply(SqliteSession session) => File.Delete(file.Log);
    }

    private sealed class UntellableWrite() : Core.Storage.Writing.AnsweredWrite<SqliteSession, string>(_ => throw new InvalidOperationException("it cannot be told"))
    {
        public override void Apply(SqliteSession session) => Outcome = "done";
    }
}
