using System.Globalization;
using System.Text.Json;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Entities;

public class JsonTextTests
{
    [Theory]
    [InlineData("21.5", "21.5")]
    [InlineData("21.50", "21.5")]
    [InlineData("2", "2")]
    [InlineData("2.0", "2")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("10.05", "10.05")]
    [InlineData("1e2", "100")]
    [InlineData("1.25E+2", "125")]
    [InlineData("1200e-4", "0.12")]
    [InlineData("0.00000010", "0.0000001")]
    [InlineData("1e-8", "1e-8")]
    [InlineData("-12e30", "-1.2e+31")]
    [InlineData("123456789012345678901", "123456789012345678901")]
    [InlineData("0.1234567890123456789012345678901", "0.1234567890123456789012345678901")]
    [InlineData("1e999999999", "1e999999999")]
    public void A_number_has_one_text_and_keeps_every_digit(string text, string canonical)
    {
        Assert.Equal(canonical, JsonText.FromText(text).Raw);
        using var document = JsonDocument.Parse(text);
        Assert.Equal(canonical, JsonText.From(document.RootElement).Raw);
    }

    [Theory]
    [InlineData("")]
    [InlineData("on")]
    [InlineData("null")]
    [InlineData("True")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("-")]
    [InlineData("0x10")]
    [InlineData(" 1")]
    [InlineData("NaN")]
    [InlineData("[1]")]
    [InlineData("1 2")]
    public void Text_that_is_no_JSON_number_nor_boolean_stays_text(string text)
    {
        var value = JsonText.FromText(text);
        Assert.Equal(JsonValueKind.String, value.Kind);
        Assert.Equal(text, value.ToPlainText());
    }

    [Fact]
    public void True_and_false_become_booleans()
    {
        Assert.Equal(JsonText.True, JsonText.FromText("true"));
        Assert.Equal(JsonValueKind.False, JsonText.FromText("false").Kind);
    }

    [Theory]
    [InlineData("21.5 °C")]
    [InlineData("a \"quoted\" \\ line\nnext\ttab")]
    [InlineData("emoji 😀 and \u2028")]
    [InlineData("\u007f\u0001")]
    public void Strings_are_read_from_their_JSON_as_they_were(string text)
    {
        var value = JsonText.FromString(text);
        using var document = JsonDocument.Parse(value.Raw);
        Assert.Equal(text, document.RootElement.GetString());
        Assert.Equal(value, JsonText.From(document.RootElement));
        Assert.Equal(text, value.ToPlainText());
    }

    [Fact]
    public void The_way_a_value_was_written_does_not_matter()
    {
        using var one = JsonDocument.Parse("""{ "a" : [ 1.0, "\u0041", null ], "b": {"c": true} }""");
        using var two = JsonDocument.Parse("""{"a":[1,"A",null],"b":{"c":true}}""");
        Assert.Equal(JsonText.From(two.RootElement), JsonText.From(one.RootElement));
        Assert.Equal("""{"a":[1,"A",null],"b":{"c":true}}""", JsonText.From(one.RootElement).Raw);
    }

    [Fact]
    public void A_lone_surrogate_is_kept_as_it_was_escaped()
    {
        using var document = JsonDocument.Parse("""{"a":"\ud800"}""");
        var value = JsonText.From(document.RootElement.GetProperty("a"));
        Assert.Equal("\"\\ud800\"", value.Raw);
        Assert.Equal("""{"a":"\ud800"}""", JsonText.From(document.RootElement).Raw);
        Assert.Equal("\\ud800", value.ToPlainText());
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public void Nesting_without_end_is_refused_before_it_costs_the_stack(string piece)
    {
        // A reader that followed the nesting would end the process instead of failing the test.
        var endless = string.Concat(Enumerable.Repeat(piece, 1_000_000));
        var balanced = piece == "[" ? new string('[', 500_000) + new string(']', 500_000) : endless;

        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<JsonText>(endless));
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<JsonText>(balanced));
        Assert.ThrowsAny<JsonException>(() => EntitySnapshot.Parse(balanced));
    }

    [Fact]
    public void Null_is_the_default()
    {
        Assert.Equal(default, JsonText.Null);
        Assert.Equal(JsonText.Null, new JsonText("null"));
        Assert.Equal("null", JsonText.Null.Raw);
        Assert.Equal(JsonText.Null, JsonText.From(double.NaN));
    }

    [Fact]
    public void Canonical_numbers_keep_their_value_whatever_their_form()
    {
        var random = new Random(20240917);
        for (var i = 0; i < 5000; i++)
        {
            var text = RandomNumber(random);
            var canonical = JsonText.FromText(text);
            Assert.Equal(JsonValueKind.Number, canonical.Kind);
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), double.Parse(canonical.Raw, CultureInfo.InvariantCulture));
            Assert.Equal(canonical, JsonText.FromText(canonical.Raw));
        }
    }

    [Fact]
    public void A_number_beyond_a_double_is_still_a_number_but_has_no_double()
    {
        Assert.True(JsonText.FromText("21.50").TryGetNumber(out var number));
        Assert.Equal(21.5, number);
        Assert.False(JsonText.FromText("1e400").TryGetNumber(out _));
        Assert.False(JsonText.FromText("on").TryGetNumber(out _));
    }

    private static string RandomNumber(Random random)
    {
        var whole = random.Next(3) == 0 ? "0" : random.Next(1, 1_000_000).ToString(CultureInfo.InvariantCulture);
        var fraction = random.Next(2) == 0 ? "" : "." + random.Next(0, 10_000).ToString("D" + random.Next(1, 9), CultureInfo.InvariantCulture);
        var exponent = random.Next(2) == 0 ? "" : (random.Next(2) == 0 ? "e" : "E+") + random.Next(0, 30).ToString(CultureInfo.InvariantCulture);
        if (exponent.Length > 0 && random.Next(2) == 0)
        {
            exponent = "e-" + random.Next(0, 30).ToString(CultureInfo.InvariantCulture);
        }

        return (random.Next(2) == 0 ? "-" : "") + whole + fraction + exponent;
    }
}
