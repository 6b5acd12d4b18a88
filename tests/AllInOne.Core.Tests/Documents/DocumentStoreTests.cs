using System.Text;
using System.Text.Json;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Documents;

public sealed class DocumentStoreTests
{
    [Theory]
    [BothEngines]
    public async Task Collections_and_documents_are_restored_at_the_next_start(DocumentEngineName engine)
    {
        await using var work = new DocumentsAtWork(engine: engine);
        var things = await work.CollectionAsync(definition: new CollectionDefinition([FieldPath.Parse("a.b")], TimeSpan.FromDays(30)));
        var (stored, _) = (await work.Documents.InsertAsync(things, [Body("""{"id":"x","a":{"b":1.50}}""")], default))!.Value;

        await work.ReopenAsync();

        var found = work.Documents.Find(CollectionName.Parse("things"))!;
        Assert.Equal("a.b", Assert.Single(found.Definition.Indexes).Text);
        Assert.Equal(TimeSpan.FromDays(30), found.Definition.Retention);
        var document = (await work.Documents.GetAsync(found, DocumentId.Parse("x"), default))!;
        Assert.Equal(stored[0] with { Data = default }, document with { Data = default });
        Assert.Equal("""{"a":{"b":1.50}}""", Encoding.UTF8.GetString(document.Data.Span));
    }

    [Theory]
    [BothEngines]
    public async Task Writers_that_count_up_under_a_condition_lose_no_update(DocumentEngineName engine)
    {
        await using var work = new DocumentsAtWork(engine: engine);
        var things = await work.CollectionAsync();
        await work.Documents.PutAsync(things, DocumentId.Parse("counter"), "{\"n\":0}"u8.ToArray(), VersionCondition.None, default);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 25;)
            {
                var there = (await work.Documents.GetAsync(things, DocumentId.Parse("counter"), default))!;
                var next = Encoding.UTF8.GetBytes($$"""{"n":{{Number(there) + 1}}}""");
                var condition = new VersionCondition(new VersionSet(false, [there.Version]), null);
                done += await work.Documents.PutAsync(things, DocumentId.Parse("counter"), next, condition, default) is DocumentChange.Stored ? 1 : 0;
            }
        })));

        var last = (await work.Documents.GetAsync(things, DocumentId.Parse("counter"), default))!;
        Assert.Equal((200, 201), (Number(last), last.Version));
    }

    [Theory]
    [BothEngines]
    public async Task A_writer_that_restarts_repeatedly_stores_each_write_once_and_answers_it(DocumentEngineName engine)
    {
        await using var work = new DocumentsAtWork(engine: engine);
        var things = await work.CollectionAsync();
        using var over = new CancellationTokenSource();
        var restarts = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await work.RestartWriterAsync();
                await Task.Yield();
            }
        });

        var told = await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            var ids = new List<DocumentId>();
            for (var n = 0; n < 100; n++)
            {
                var (stored, taken) = (await work.Documents.InsertAsync(things, [Body($$"""{"client":{{client}},"n":{{n}}}""")], default))!.Value;
                Assert.Null(taken);
                ids.Add(stored[0].Id);
                await work.Documents.InsertIntoAsync(things, ids[0], FieldPath.Parse("seen"), Json(n), null, false, VersionCondition.None, default);
            }

            return ids;
        })));
        await over.CancelAsync();
        await restarts;

        Assert.Equal(800, await work.Documents.CountAsync(things, default));
        foreach (var ids in told)
        {
            var first = (await work.Documents.GetAsync(things, ids[0], default))!;
            using var json = JsonDocument.Parse(first.Data);
            Assert.Equal(Enumerable.Range(0, 100), json.RootElement.GetProperty("seen").EnumerateArray().Select(n => n.GetInt32()));
        }
    }

    [Theory]
    [BothEngines]
    public async Task Each_value_that_many_clients_insert_into_one_document_is_stored_once_although_the_writer_restarts_repeatedly(DocumentEngineName engine)
    {
        await using var work = new DocumentsAtWork(engine: engine);
        var things = await work.CollectionAsync();
        await work.Documents.PutAsync(things, DocumentId.Parse("x"), "{\"seen\":[]}"u8.ToArray(), VersionCondition.None, default);
        using var over = new CancellationTokenSource();
        var restarts = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await work.RestartWriterAsync();
                await Task.Yield();
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 16).Select(client => Task.Run(async () =>
        {
            for (var n = 0; n < 40; n++)
            {
                Assert.IsType<DocumentChange.Stored>(await work.Documents.InsertIntoAsync(
                    things, DocumentId.Parse("x"), FieldPath.Parse("seen"), Json((client * 40) + n), null, false, VersionCondition.None, default));
            }
        })));
        await over.CancelAsync();
        await restarts;

        using var json = JsonDocument.Parse((await work.Documents.GetAsync(things, DocumentId.Parse("x"), default))!.Data);
        Assert.Equal(Enumerable.Range(0, 640), json.RootElement.GetProperty("seen").EnumerateArray().Select(n => n.GetInt32()).Order());
    }

    [Theory]
    [BothEngines]
    public async Task A_document_that_was_not_changed_within_the_retention_is_deleted(DocumentEngineName engine)
    {
        var clock = new FakeClock();
        await using var work = new DocumentsAtWork(clock, engine: engine);
        var things = await work.CollectionAsync(definition: new CollectionDefinition([], TimeSpan.FromDays(1)));
        await work.Documents.ImportAsync(things, [.. Enumerable.Range(0, 1200).Select(n => Body($$"""{"id":"old-{{n}}"}"""))], default);
        clock.Advance(TimeSpan.FromHours(23));
        await work.Documents.PutAsync(things, DocumentId.Parse("old-7"), "{}"u8.ToArray(), VersionCondition.None, default);
        clock.Advance(TimeSpan.FromHours(2));

        await work.StartRetentionAsync();

        await Until.TrueAsync(() => work.Documents.CountAsync(things, default).GetAwaiter().GetResult() == 1);
        Assert.NotNull(await work.Documents.GetAsync(things, DocumentId.Parse("old-7"), default));
        var again = await work.Documents.PutAsync(things, DocumentId.Parse("old-1"), "{}"u8.ToArray(), VersionCondition.None, default);
        Assert.Equal(2, Assert.IsType<DocumentChange.Stored>(again).Document.Version);
    }

    [Theory]
    [BothEngines]
    public async Task A_query_that_takes_too_long_is_cancelled_and_the_reader_continues(DocumentEngineName engine)
    {
        await using var work = new DocumentsAtWork(engine: engine);
        var things = await work.CollectionAsync();
        await work.Documents.ImportAsync(things, [.. Enumerable.Range(0, 20_000).Select(n => Body($$"""{"n":{{n}}, "t":"{{new string('x', 200)}}"}"""))], default);
        var slow = string.Join(" || ", Enumerable.Range(0, 200).Select(n => $"t ~ \"y{n}\""));
        work.Options.QueryTimeout = TimeSpan.FromMilliseconds(20);

        await Assert.ThrowsAsync<QueryTimeoutException>(() => work.Documents.ListAsync(
            things, DocumentQuery.Parse("things", slow, null, null, QueryLimits.Default), 10, default));

        work.Options.QueryTimeout = Until.Limit;
        var (found, _) = await work.Documents.ListAsync(things, DocumentQuery.Parse("things", "n = 5", null, null, QueryLimits.Default), 10, default);
        Assert.Single(found);
    }

    [Theory]
    [BothEngines]
    public async Task No_more_collections_are_created_than_the_limit_allows(DocumentEngineName engine)
    {
        await using var work = new DocumentsAtWork(engine: engine);
        work.Options.MaxCollections = 2;
        await work.CollectionAsync("a");
        await work.CollectionAsync("b");

        Assert.Null(await work.Documents.FindOrMakeAsync(CollectionName.Parse("c"), default));
        Assert.True(await work.Documents.DropAsync(CollectionName.Parse("a"), default));
        Assert.NotNull(await work.Documents.FindOrMakeAsync(CollectionName.Parse("c"), default));
    }

    [Theory]
    [BothEngines]
    public async Task The_known_collections_follow_the_commits_although_the_caller_has_cancelled(DocumentEngineName engine)
    {
        await using var work = new DocumentsAtWork(engine: engine);
        await work.CollectionAsync("dropped");
        await work.CollectionAsync("changed");
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var kept = new CollectionDefinition([], TimeSpan.FromDays(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.Documents.DropAsync(CollectionName.Parse("dropped"), gone.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.Documents.DefineAsync(CollectionName.Parse("changed"), kept, gone.Token));
        await work.CollectionAsync("afterwards");

        Assert.Null(work.Documents.Find(CollectionName.Parse("dropped")));
        Assert.Equal(kept.Retention, work.Documents.Find(CollectionName.Parse("changed"))!.Definition.Retention);
    }

    [Theory]
    [BothEngines]
    public async Task A_write_into_a_deleted_collection_stores_nothing_and_reports_it(DocumentEngineName engine)
    {
        await using var work = new DocumentsAtWork(engine: engine);
        var old = await work.CollectionAsync();
        await work.Documents.DropAsync(CollectionName.Parse("things"), default);
        var there = await work.CollectionAsync();

        Assert.Null(await work.Documents.InsertAsync(old, [Body("{}")], default));
        Assert.Null(await work.Documents.ImportAsync(old, [Body("{}")], default));
        Assert.IsType<DocumentChange.CollectionGone>(await work.Documents.PutAsync(old, DocumentId.Parse("a"), "{}"u8.ToArray(), VersionCondition.None, default));
        Assert.IsType<DocumentChange.CollectionGone>(await work.Documents.DeleteAsync(old, DocumentId.Parse("a"), VersionCondition.None, default));
        Assert.Equal(0, await work.Documents.CountAsync(there, default));
    }

    [Fact]
    public async Task The_first_document_of_a_collection_waits_no_longer_for_the_disk_than_any_other()
    {
        await using var work = new DocumentsAtWork();
        using var other = work.HoldTheFile();
        work.Options.WriteTimeout = TimeSpan.FromMilliseconds(100);

        await Assert.ThrowsAsync<UnavailableException>(async () => await work.Documents.FindOrMakeAsync(CollectionName.Parse("things"), default));

        work.Options.WriteTimeout = Until.Limit;
        other.Dispose();
        Assert.NotNull(await work.Documents.FindOrMakeAsync(CollectionName.Parse("things"), default));
    }

    [Theory]
    [BothEngines]
    public async Task A_document_that_is_too_old_only_because_the_clock_was_set_forward_expires_after_an_hour(DocumentEngineName engine)
    {
        var clock = new FakeClock();
        await using var work = new DocumentsAtWork(clock, engine: engine);
        var month = await work.CollectionAsync(definition: new CollectionDefinition([], TimeSpan.FromDays(30)));
        await work.Documents.InsertAsync(month, [Body("{}")], default);
        clock.Advance(TimeSpan.FromDays(31));
        await work.Documents.InsertAsync(month, [Body("{}")], default);
        clock.SetWall(TimeSpan.FromDays(365));
        // The document that was too old before the change of the clock is deleted.
        Assert.Equal(1, await work.Documents.ExpireAsync(month, 2, default));
        Assert.Equal(0, await work.Documents.ExpireAsync(month, 2, default));

        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await work.Documents.ExpireAsync(month, 2, default));
    }

    [Theory]
    [BothEngines]
    public async Task Nothing_expires_once_a_definition_that_keeps_it_is_stored(DocumentEngineName engine)
    {
        var clock = new FakeClock();
        await using var work = new DocumentsAtWork(clock, engine: engine);
        var brief = await work.CollectionAsync(definition: new CollectionDefinition([], TimeSpan.FromSeconds(1)));
        await work.Documents.InsertAsync(brief, [Body("{}"), Body("{}")], default);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await work.Documents.ExpireAsync(brief, 1, default));

        var forLonger = await work.CollectionAsync(definition: new CollectionDefinition([], TimeSpan.FromDays(1_000_000)));
        Assert.Equal(0, await work.Documents.ExpireAsync(brief, 1, default));
        await work.CollectionAsync();
        Assert.Equal(0, await work.Documents.ExpireAsync(brief, 1, default));
        Assert.Equal(1, await work.Documents.CountAsync(forLonger, default));
    }

    private static DocumentBody Body(string json)
    {
        var (body, wrong) = DocumentBody.Read(Encoding.UTF8.GetBytes(json), new DocumentsOptions());
        Assert.Null(wrong);
        return body!;
    }

    private static int Number(Document document)
    {
        using var json = JsonDocument.Parse(document.Data);
        return json.RootElement.GetProperty("n").GetInt32();
    }

    private static JsonElement Json(int n) => JsonSerializer.SerializeToElement(n);
}
