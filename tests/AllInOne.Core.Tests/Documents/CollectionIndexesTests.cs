using System.Text;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Values;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Tests.Documents;

public sealed class CollectionIndexesTests
{
    [Fact]
    public async Task Paths_that_differ_in_case_alone_each_have_an_index()
    {
        await using var work = new DocumentsAtWork();
        await work.CollectionAsync(definition: new CollectionDefinition([FieldPath.Parse("Total"), FieldPath.Parse("total")], null));

        Assert.Equal(2, Indexes(work).Count);
    }

    [Fact]
    public async Task A_path_like_the_name_of_a_server_field_can_be_combined_with_retention()
    {
        await using var work = new DocumentsAtWork();
        await work.CollectionAsync(definition: new CollectionDefinition([FieldPath.Parse("Updated")], TimeSpan.FromDays(30)));

        Assert.Equal(2, Indexes(work).Count);
    }

    [Fact]
    public async Task Retention_and_an_index_on_the_last_change_share_one()
    {
        await using var work = new DocumentsAtWork();
        await work.CollectionAsync(definition: new CollectionDefinition([FieldPath.Parse("updated")], TimeSpan.FromDays(30)));

        Assert.EndsWith(" ON documents_1 (updated, id)", Assert.Single(Indexes(work)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_definition_again_keeps_the_indexes()
    {
        var definition = new CollectionDefinition([FieldPath.Parse("a.b"), FieldPath.Parse("c")], TimeSpan.FromDays(1));
        await using var work = new DocumentsAtWork();
        await work.CollectionAsync(definition: definition);
        var before = Indexes(work);

        await work.CollectionAsync(definition: definition);
        var again = Indexes(work);
        await work.CollectionAsync(definition: definition with { Indexes = [FieldPath.Parse("c")] });

        Assert.Equal(before, again);
        Assert.Equal(2, Indexes(work).Count);
    }

    [Fact]
    public async Task A_file_of_an_older_version_has_its_indexes_renewed_at_the_start()
    {
        await using var work = new DocumentsAtWork();
        var things = await work.CollectionAsync(
            definition: new CollectionDefinition([FieldPath.Parse("a"), FieldPath.Parse("b")], TimeSpan.FromDays(30)));
        await work.CollectionAsync("plain");
        await work.Documents.ImportAsync(things, [Body("""{"id":"x","a":5}"""), Body("""{"id":"y","a":7}""")], default);
        var wanted = Indexes(work);
        foreach (var name in wanted.Keys)
        {
            Run(work, $"DROP INDEX \"{name}\"");
        }

        Run(work, "CREATE INDEX \"documents_1_a\" ON documents_1 (CASE json_type(data,'$.\"a\"') WHEN 'integer' THEN 1 ELSE 2 END, id)");
        Run(work, "CREATE INDEX \"documents_1_updated\" ON documents_1 (updated)");

        await work.ReopenAsync();

        await Until.TrueAsync(() => Indexes(work).SequenceEqual(wanted));
        var (found, _) = await work.Documents.ListAsync(
            work.Documents.Find(CollectionName.Parse("things"))!, DocumentQuery.Parse("things", "a = 7", null, null, QueryLimits.Default), 10, default);
        Assert.Equal("y", Assert.Single(found).Id.Value);
    }

    private static DocumentBody Body(string json) => DocumentBody.Read(Encoding.UTF8.GetBytes(json), new DocumentsOptions()).Body!;

    private static SortedDictionary<string, string> Indexes(DocumentsAtWork work)
    {
        using var connection = Open(work);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name LIKE 'documents%' AND sql IS NOT NULL";
        using var reader = command.ExecuteReader();
        var indexes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            indexes.Add(reader.GetString(0), reader.GetString(1));
        }

        return indexes;
    }

    private static void Run(DocumentsAtWork work, string sql)
    {
        using var connection = Open(work);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(DocumentsAtWork work)
    {
        var connection = new SqliteConnection($"Data Source={work.Database.File.Path};Pooling=False");
        connection.Open();
        return connection;
    }
}
