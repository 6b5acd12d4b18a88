using System.Text;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Queries.Evaluation;
using AllInOne.Core.Documents.Queries.Filters;
using AllInOne.Core.Documents.Sqlite;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Tests.Documents.Queries;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Tests.Documents.Evaluation;

/// <summary>Filters, keys and ranges that are evaluated in memory, beside the definition and beside SQLite, with random documents and filters.</summary>
public class EvaluationPropertyTests
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "-0.0", "1", "1.0", "-1", "0.5", "-0.5", "1e0", "9007199254740992", "9007199254740993", "9007199254740992.0", "9223372036854775807",
        "9223372036854775806", "9223372036854774784", "9223372036854775808", "-9223372036854775808", "-9223372036854775807", "-9223372036854775809",
        "1e400", "-1e400", "-1.79e308", "-1.78e308", "-1.77e308", "-1.76e308", "1.79e308", "5e-324", "-5e-324", "123456789012345678901234567890",
    ];

    private static readonly string[] Texts =
    [
        "", "a", "A", "b", "é", "ｆ", "\U0001F600", "\uFFEE", "e\u0301", new('x', 127), new('x', 128), new('x', 129), new string('x', 128) + "b",
        string.Concat(Enumerable.Repeat("\U0001F600", 128)), string.Concat(Enumerable.Repeat("\U0001F600", 129)), "1", "null", "\u0001", "a\u0001",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_evaluator_finds_the_documents_that_the_definition_selects(int seed)
    {
        var random = new Random(seed);
        var queries = new RandomQueries(random);
        var documents = Enumerable.Range(0, 150).Select(queries.Document).ToList();
        for (var i = 0; i < 800; i++)
        {
            var filter = queries.Filter();
            var text = filter.Write(random);
            var parsed = FilterParser.Parse(text, QueryLimits.Default);
            foreach (var document in documents)
            {
                Assert.True(
                    filter.Matches(document) == (parsed is null || FilterEvaluator.Matches(parsed, Row(document))), $"seed {seed}: {text}\n{document}");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_match_is_outside_of_the_range_of_an_index(int seed)
    {
        var random = new Random(seed);
        var queries = new RandomQueries(random);
        var documents = Enumerable.Range(0, 150).Select(queries.Document).ToList();
        var ranges = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var filter = queries.Filter();
            var text = filter.Write(random);
            var field = FieldPath.Parse(queries.Path());
            if (IndexRange.Of(FilterParser.Parse(text, QueryLimits.Default), field) is not { } range)
            {
                continue;
            }

            ranges++;
            foreach (var document in documents.Where(filter.Matches))
            {
                var key = IndexKey.Of(FieldKey.Of(Row(document), field), document.Id);
                Assert.True(
                    key.AsSpan().SequenceCompareTo(range.From) >= 0 && key.AsSpan().SequenceCompareTo(range.To) < 0, $"seed {seed}: {field} of {text}\n{document}");
            }
        }

        Assert.True(ranges > 100, "The filters give too few ranges to test anything.");
    }

    [Fact]
    public void Keys_are_those_that_SQLite_selects_and_have_its_order()
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        using var create = new SqliteStatement(connection.Handle!, "CREATE TABLE documents (id TEXT PRIMARY KEY, data TEXT) WITHOUT ROWID");
        create.Run();
        var field = FieldPath.Parse("v");
        var values = Numbers.Concat(Texts.Select(text => System.Text.Json.JsonSerializer.Serialize(text)))
            .Concat(["null", "true", "false", "[]", "{}", "[1]", "{\"a\":1}"]).ToList();
        foreach (var (value, n) in values.Select((value, n) => (value, n)))
        {
            using var insert = new SqliteStatement(connection.Handle!, "INSERT INTO documents VALUES (?1, ?2)");
            insert.Bind(1, $"d{n:000}").Bind(2, $"{{\"v\":{value}}}").Run();
        }

        using var select = new SqliteStatement(
            connection.Handle!, $"SELECT id, {FieldSql.Key(field)}, data FROM documents ORDER BY {FieldSql.Key(field)}, id");
        var rows = select.Rows(row => (Id: row.Text(0), Key: row.Value(1), Data: row.Text(2)));
        foreach (var row in rows)
        {
            var key = FieldKey.Of(new StoredRow(row.Id, 1, 1, 1, Encoding.UTF8.GetBytes(row.Data)), field);
            Assert.True(IsSame(row.Key, key), $"{row.Data}: SQLite has {row.Key}, not {key}");
        }

        foreach (var (before, after) in rows.Zip(rows.Skip(1)))
        {
            Assert.True(FieldKey.Compare(before.Key, after.Key) <= 0, $"{before} before {after}");
            Assert.True(
                IndexKey.Of(before.Key, before.Id).AsSpan().SequenceCompareTo(IndexKey.Of(after.Key, after.Id)) < 0, $"{before} before {after}");
            Assert.Equal(
                Math.Sign(FieldKey.Compare(before.Key, after.Key)),
                Math.Sign(IndexKey.Start(before.Key).AsSpan().SequenceCompareTo(IndexKey.Start(after.Key))));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Sort_keys_give_the_order_of_SQLite(int seed)
    {
        var random = new Random(seed);
        var queries = new RandomQueries(random);
        var documents = Enumerable.Range(0, 120).Select(queries.Document).ToList();
        using var table = new QueryTable();
        documents.ForEach(table.Add);
        for (var i = 0; i < 200; i++)
        {
            var text = string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => queries.Path()).Distinct()
                .Select(path => random.Next(2) == 0 ? path : $"-{path}"));
            var sort = Sort.Parse(text, QueryLimits.Default);
            var sorted = documents.Select(Row).Order(
                Comparer<StoredRow>.Create((left, right) => SortKeys.Compare(sort, SortKeys.Of(left, sort), SortKeys.Of(right, sort))));
            Assert.Equal(table.Find(null, text), string.Join(' ', sorted.Select(row => row.Id)));
        }
    }

    [Fact]
    public void The_longest_key_fits_into_an_index_of_any_engine()
    {
        var longest = IndexKey.Of(StoredValue.From(string.Concat(Enumerable.Repeat("\U0001F600", FieldKey.Length))), new string('i', 128));

        // The limit of LiteDB is 1,023 bytes.
        Assert.True(longest.Length < 1_000, $"{longest.Length} bytes");
    }

    // SQLite reads very large and very small decimals with an error in the last digit.
    private static bool IsSame(StoredValue one, StoredValue other) => one.Type == other.Type && (one.Type == StoredType.Real && double.IsFinite(one.Real)
        ? Math.Abs(one.Real - other.Real) <= Math.Abs(one.Real) * 1e-15
        : FieldKey.Compare(one, other) == 0);

    private static StoredRow Row(TestDocument document) =>
        new(document.Id, document.Version, document.Created, document.Updated, Encoding.UTF8.GetBytes(document.Data));
}
