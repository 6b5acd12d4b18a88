using System.Text.Encodings.Web;
using System.Text.Json;

namespace AllInOne.Server.Http.Answers;

/// <summary>The JSON of all answers: camel case, UTF-8 without escapes (°C stays °C), times in UTC.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new UtcTimeConverter() } };

    public static IResult Ok<T>(T value) => TypedResults.Json(value, Options);

    public static IResult Of<T>(T value, int status) => TypedResults.Json(value, Options, statusCode: status);

    /// <summary>The answer of every list.</summary>
    public static IResult Page<T>(IEnumerable<T> items, string? next) => Ok(new ListPage<T>(items, next));

    private sealed record ListPage<T>(IEnumerable<T> Items, string? Next);
}
