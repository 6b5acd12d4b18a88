using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AllInOne.Core.Tests.Documents.Queries;

/// <summary>A filter that the tests make: it can write itself in the language, and it defines its meaning in plain C#.</summary>
internal abstract record PlainFilter
{
    public abstract bool Matches(TestDocument document);

    /// <summary>Writes the filter in the language, with random spaces and quotes.</summary>
    public abstract string Write(Random random);

    private static string Space(Random random) => random.Next(3) switch { 0 => "", 1 => " ", _ => "\n\t" };

    public sealed record Group(bool All, PlainFilter[] Terms) : PlainFilter
    {
        public override bool Matches(TestDocument document) =>
            All ? Terms.All(term => term.Matches(document)) : Terms.Any(term => term.Matches(document));

        public override string Write(Random random) =>
            $"({string.Join($"{Space(random)}{(All ? "&&" : "||")}{Space(random)}", Terms.Select(term => term.Write(random)))})";
    }

    public sealed record Opposite(PlainFilter Term) : PlainFilter
    {
        public override bool Matches(TestDocument document) => !Term.Matches(document);

        public override string Write(Random random) => $"!{Space(random)}{Term.Write(random)}";
    }

    /// <param name="Literal">The value as JSON.</param>
    public sealed record Compared(string Path, string Operator, string Literal) : PlainFilter
    {
        public override bool Matches(TestDocument document)
        {
            var literal = JsonDocument.Parse(Literal).RootElement;
            var value = PlainValue.Of(document, Path);
            if (Path is "created" or "updated")
            {
                // Times are strings in the language.
                if (literal.ValueKind != JsonValueKind.String)
                {
                    return Operator == "!=";
                }

                literal = JsonSerializer.SerializeToElement(Micros(literal.GetString()!));
            }

            return Operator switch
            {
                "=" => AreEqual(value, literal),
                "!=" => !AreEqual(value, literal),
                "~" => Contains(value, literal),
                _ => literal.ValueKind is JsonValueKind.Number or JsonValueKind.String
                    && PlainValue.Rank(value) == PlainValue.Rank(literal)
                    && InOrder(PlainValue.Compare(value, literal)),
            };
        }

        public override string Write(Random random) => $"{Path}{Space(random)}{Operator}{Space(random)}{Literal}";

        private static long Micros(string text) =>
            (DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

        private static bool AreEqual(JsonElement value, JsonElement literal) =>
            literal.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object) && PlainValue.Compare(value, literal) == 0;

        private static bool Contains(JsonElement value, JsonElement literal) => value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().Any(element => AreEqual(element, literal)),
            JsonValueKind.String => literal.ValueKind == JsonValueKind.String
                && Upper(value.GetString()!).Contains(Upper(literal.GetString()!), StringComparison.Ordinal),
            _ => false,
        };

        private static string Upper(string text) => string.Concat(text.EnumerateRunes().Select(Rune.ToUpperInvariant));

        private bool InOrder(int order) => Operator switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => throw new UnreachableException(),
        };
    }
}
