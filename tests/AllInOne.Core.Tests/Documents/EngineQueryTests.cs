using System.Text;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Tests.Documents.Queries;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Documents;

/// <summary>Lists of random documents with both engines, beside the definition of filters and orders.</summary>
public sealed class EngineQueryTests
{
    [Theory]
    [InlineData(DocumentEngineName.Sqlite, 1)]
    [InlineData(DocumentEngineName.LiteDb, 1)]
    [InlineData(DocumentEngineName.LiteDb, 2)]
    public async Task All_pages_together_are_the_whole_list_in_order(DocumentEngineName engine, int seed)
    {
        var random = new Random(seed);
        var queries = new RandomQueries(random);
        await using var work = new DocumentsAtWork(engine: engine);
        var things = await work.CollectionAsync(
            definition: new CollectionDefinition([FieldPath.Parse("a"), FieldPath.Parse("b.0"), FieldPath.Parse("version")], TimeSpan.FromDays(1)));
        var documents = new List<TestDocument>();
        foreach (var made in Enumerable.Range(0, 120).Select(queries.Document))
        {
            var stored = (DocumentChange.Stored)await work.Documents.PutAsync(
                things, DocumentId.Parse(made.Id), Encoding.UTF8.GetBytes(made.Data), VersionCondition.None, default);
            documents.Add(made with { Version = stored.Document.Version, Created = Micros(stored.Document.Created), Updated = Micros(stored.Document.Updated) });
        }

        for (var i = 0; i < 150; i++)
        {
            var sort = Enumerable.Range(0, random.Next(3)).Select(_ => queries.Path()).Distinct()
                .Select(path => random.Next(2) == 0 ? path : $"-{path}").ToList();
            var filter = random.Next(3) == 0 ? null : queries.Filter();
            var expected = PlainValue.Sort(documents.Where(document => filter?.Matches(document) ?? true), sort).Select(document => document.Id);
            var text = filter?.Write(random);
            Assert.True(
                expected.SequenceEqual(await WalkAsync(work, things, text, string.Join(',', sort), random)), $"seed {seed}: {text} sorted by {string.Join(',', sort)}");
        }
    }

    private static async Task<List<string>> WalkAsync(DocumentsAtWork work, Collection things, string? filter, string sort, Random random)
    {
        List<string> all = [];
        string? cursor = null;
        do
        {
            var (page, next) = await work.Documents.ListAsync(
                things, DocumentQuery.Parse("things", filter, sort, cursor, QueryLimits.Default), random.Next(1, 40), default);
            all.AddRange(page.Select(document => document.Id.Value));
            cursor = next;
        }
        while (cursor is not null);

        return all;
    }

    private static long Micros(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
