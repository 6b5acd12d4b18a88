using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AllInOne.Core.Values.Json;

/// <summary>
/// One JSON value as its canonical text: no white space, one way to escape a string, one way to write a number (<c>21.50</c> is <c>21.5</c>). So two
/// values are equal if their texts are equal, and a value is written without parsing it.
/// </summary>
[JsonConverter(typeof(JsonTextJsonConverter))]
public readonly record struct JsonText
{
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // "null" is stored as no text, so that the default equals the null of JSON.
    private readonly string? _raw;

    /// <param name="raw">A text from <see cref="Raw"/>, trusted to be canonical.</param>
    public JsonText(string raw) => _raw = raw == "null" ? null : raw;

    public static JsonText Null => default;

    public static JsonText True => new("true");

    public static JsonText False => new("false");

    /// <summary>The value as JSON.</summary>
    public string Raw => _raw ?? "null";

    public bool IsNull => _raw is null;

    public JsonValueKind Kind => _raw is null
        ? JsonValueKind.Null
        : _raw[0] switch
        {
            '"' => JsonValueKind.String,
            '{' => JsonValueKind.Object,
            '[' => JsonValueKind.Array,
            't' => JsonValueKind.True,
            'f' => JsonValueKind.False,
            _ => JsonValueKind.Number,
        };

    /// <summary>The rule of the feeds: a JSON number, <c>true</c> or <c>false</c> becomes that type, all other text a string.</summary>
    public static JsonText FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text is "true" or "false")
        {
            return new JsonText(text);
        }

        return JsonNumber.TryCanonical(text, out var number) ? new JsonText(number) : FromString(text);
    }

    public static JsonText FromString(string text) => new(Quote(text));

    public static JsonText From(long number) => new(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number that JSON cannot write (NaN, infinity) becomes null.</summary>
    public static JsonText From(double number) =>
        double.IsFinite(number) && JsonNumber.TryCanonical(number.ToString("R", CultureInfo.InvariantCulture), out var text)
            ? new JsonText(text)
            : Null;

    public static JsonText From(bool value) => value ? True : False;

    /// <summary>Any JSON value. An undefined value becomes null. Members of objects keep their order.</summary>
    public static JsonText From(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return Null;
            case JsonValueKind.True:
                return True;
            case JsonValueKind.False:
                return False;
            case JsonValueKind.Number:
                return new JsonText(Number(element));
            case JsonValueKind.String:
                return new JsonText(String(element));
            default:
                using (var stream = new MemoryStream())
                {
                    using (var writer = new Utf8JsonWriter(stream, WriterOptions))
                    {
                        Write(writer, element);
                    }

                    return new JsonText(System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
                }
        }
    }

    /// <summary>The number, if it is one and a <see cref="double"/> can hold it.</summary>
    public bool TryGetNumber(out double number)
    {
        number = 0;
        return Kind == JsonValueKind.Number
            && double.TryParse(_raw, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }

    /// <summary>The text for a person: the text of a string, nothing for null, the JSON of all other values.</summary>
    public string ToPlainText() => Kind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => JsonDocumentText(_raw!),
        _ => _raw!,
    };

    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(Raw, skipInputValidation: true);
    }

    public override string ToString() => Raw;

    /// <summary>A string as JSON. A lone surrogate becomes U+FFFD.</summary>
    internal static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var c in text)
        {
            if (c is < ' ' or '"' or '\\' or '\x7f' || char.IsSurrogate(c))
            {
                return string.Concat("\"", JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text), "\"");
            }
        }

        return string.Concat("\"", text, "\"");
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(From(element).Raw, skipInputValidation: true);
                break;
        }
    }

    private static string Number(JsonElement element)
    {
        var raw = element.GetRawText();
        return JsonNumber.TryCanonical(raw, out var canonical) ? canonical : raw;
    }

    private static string String(JsonElement element)
    {
        try
        {
            return Quote(element.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON but not valid text: it stays as it was written.
            return element.GetRawText();
        }
    }

    private static string JsonDocumentText(string raw)
    {
        if (!raw.Contains('\\', StringComparison.Ordinal))
        {
            return raw[1..^1];
        }

        using var document = JsonDocument.Parse(raw);
        try
        {
            return document.RootElement.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return raw[1..^1];
        }
    }
}
