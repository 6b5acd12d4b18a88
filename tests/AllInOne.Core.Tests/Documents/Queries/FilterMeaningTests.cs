namespace AllInOne.Core.Tests.Documents.Queries;

/// <summary>The rules of docs/filters.md, one by one.</summary>
public class FilterMeaningTests
{
    [Theory]
    [InlineData("a = 1", "d003 d004")]
    [InlineData("a = 1.0", "d003 d004")]
    [InlineData("a = \"1\"", "d005")]
    [InlineData("a = true", "d006")]
    [InlineData("a = null", "d001 d002")]
    [InlineData("a != 1", "d001 d002 d005 d006 d007 d008 d009")]
    [InlineData("a != null", "d003 d004 d005 d006 d007 d008 d009")]
    [InlineData("a > 0", "d003 d004")]
    [InlineData("a < 2", "d003 d004")]
    [InlineData("a >= \"\"", "d005 d009")]
    [InlineData("a < \"zz\"", "d005 d009")]
    [InlineData("a >= true", "")]
    [InlineData("a <= null", "")]
    [InlineData("!(a <= 5)", "d001 d002 d005 d006 d007 d008 d009")]
    [InlineData("a ~ 1", "d007")]
    [InlineData("a ~ \"1\"", "d005 d007")]
    [InlineData("a ~ null", "d007")]
    [InlineData("a ~ \"HOMER\"", "d009")]
    [InlineData("a ~ \"\"", "d005 d009")]
    [InlineData("a.b = 2", "d008")]
    [InlineData("a.0 = 1", "d007")]
    [InlineData("a.0 = null", "d001 d002 d003 d004 d005 d006 d008 d009")]
    public void Types_are_never_converted_and_what_is_missing_is_null(string filter, string expected)
    {
        using var table = new QueryTable();
        table.Add(
            "{}", """{"a":null}""", """{"a":1}""", """{"a":1.00}""", """{"a":"1"}""", """{"a":true}""",
            """{"a":[1,"1",null]}""", """{"a":{"b":2}}""", """{"a":"doh, Homer"}""");
        Assert.Equal(expected, table.Find(filter));
    }

    [Theory]
    [InlineData("n = 9007199254740993", "d001")]
    [InlineData("n > 9007199254740992", "d001 d003 d005")]
    [InlineData("n = 9223372036854775808", "d003")]
    [InlineData("n = 0.1", "d004")]
    [InlineData("n = 0.10", "d004")]
    [InlineData("n > 1e300", "d005")]
    [InlineData("n < -1e300", "d006")]
    public void Whole_numbers_are_exact_to_64_bits_and_all_others_are_doubles(string filter, string expected)
    {
        using var table = new QueryTable();
        table.Add(
            """{"n":9007199254740993}""", """{"n":9007199254740992}""", """{"n":9223372036854775808}""", """{"n":0.1}""",
            """{"n":1e400}""", """{"n":-1e400}""");
        Assert.Equal(expected, table.Find(filter));
    }

    [Theory]
    [InlineData("a = null", "d001")]
    [InlineData("a = false", "d002")]
    [InlineData("a = true", "d003")]
    [InlineData("a < 0", "d004 d005 d006")]
    [InlineData("a > 0", "d007")]
    public void A_whole_number_of_any_length_is_a_number(string filter, string expected)
    {
        using var table = new QueryTable();
        table.Add("{}", """{"a":false}""", """{"a":true}""");
        foreach (var number in new[] { "-1" + Zeros(320), "-179" + Zeros(306), "-178" + Zeros(306), "1" + Zeros(320) })
        {
            table.Add($"{{\"a\":{number}}}");
        }

        table.Index("a");
        Assert.Equal(expected, table.Find(filter, "id"));
        Assert.Equal("d001 d002 d003 d004 d005 d006 d007", table.Find(null, "a"));

        static string Zeros(int count) => new('0', count);
    }

    [Theory]
    [InlineData("created = \"1970-01-01T00:00:00.000002Z\"", "d002")]
    [InlineData("created = \"1970-01-01T01:00:00.000002+01:00\"", "d002")]
    [InlineData("created = \"1970-01-01T00:00:00.0000021Z\"", "")]
    [InlineData("created != \"1970-01-01T00:00:00.0000021Z\"", "d001 d002 d003")]
    [InlineData("created < \"1970-01-01T00:00:00.0000021Z\"", "d001 d002")]
    [InlineData("created >= \"1970-01-01T00:00:00.0000021Z\"", "d003")]
    [InlineData("created > \"1970-01-01\" && updated < \"1970-01-02\"", "d001 d002 d003")]
    [InlineData("created = 2", "")]
    [InlineData("created != null", "d001 d002 d003")]
    [InlineData("version >= 2", "d002 d003")]
    [InlineData("version = \"2\"", "")]
    [InlineData("id = \"d003\" || id < \"d002\"", "d001 d003")]
    [InlineData("id ~ \"D00\"", "d001 d002 d003")]
    [InlineData("id = 1", "")]
    public void Members_of_the_server_compare_like_all_other_fields(string filter, string expected)
    {
        using var table = new QueryTable();
        table.Add("{}", """{"created":5,"id":"x"}""", "{}");
        Assert.Equal(expected, table.Find(filter));
    }

    [Theory]
    [InlineData("Ähre", "äHR", true)]
    [InlineData("ähre", "Ähre", true)]
    [InlineData("ΟΔΥΣΣΕΥΣ", "δυσσευς", true)]
    [InlineData("Привет", "пРИВЕТ", true)]
    [InlineData("Ⱥ", "ⱥ", true)]
    [InlineData("𐐨", "𐐀", true)]
    [InlineData("Straße", "STRASSE", false)]
    [InlineData("ÄÄÄ", "a", false)]
    [InlineData("naïve", "naive", false)]
    [InlineData("b", "abc", false)]
    public void Letters_of_every_script_are_found_without_regard_to_case_one_for_one(string text, string part, bool isFound)
    {
        using var table = new QueryTable();
        table.Add($"{{\"a\":\"{text}\"}}", $"{{\"a\":\"{new string('-', 2_000)}{text}\"}}", "{\"a\":7}");
        Assert.Equal(isFound ? "d001 d002" : "", table.Find($"a ~ \"{part}\""));
    }

    [Fact]
    public void Null_comes_first_then_false_true_numbers_strings_and_all_other_values()
    {
        using var table = new QueryTable();
        table.Add(
            """{"a":{}}""", """{"a":"b"}""", """{"a":"a"}""", """{"a":2}""", """{"a":-1e400}""", """{"a":true}""", """{"a":false}""",
            """{"a":null}""", "{}", """{"a":[1]}""");
        Assert.Equal("d008 d009 d007 d006 d005 d004 d003 d002 d001 d010", table.Find(null, "a"));
        Assert.Equal("d010 d001 d002 d003 d004 d005 d006 d007 d009 d008", table.Find(null, "-a"));
        Assert.Equal("d009 d008 d007 d006 d005 d004 d003 d002 d010 d001", table.Find(null, "a,-id"));
    }

    [Fact]
    public void Names_written_with_escapes_in_a_document_are_found()
    {
        using var table = new QueryTable();
        table.Add("""{"\u0061":{"b\u002dc":1}}""");
        table.Index("a.b-c");
        Assert.Equal("d001", table.Find("a.b-c = 1"));
    }
}
