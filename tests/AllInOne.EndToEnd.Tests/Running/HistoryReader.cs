using System.Net.Http.Json;
using System.Text.Json;

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>Reads entities and their complete history over HTTP, as any client can.</summary>
public static class HistoryReader
{
    /// <summary>Reads all pages of the events of an entity, oldest first.</summary>
    public static async Task<IReadOnlyList<JsonElement>> HistoryAsync(this HttpClient http, string id)
    {
        var items = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await http.GetFromJsonAsync<JsonElement>(
                new Uri($"/api/entities/{id}/history?limit=1000{(cursor.Length > 0 ? "&cursor=" + Uri.EscapeDataString(cursor) : "")}", UriKind.Relative));
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next").GetString();
        }

        return items;
    }

    public static Task<JsonElement> EntityAsync(this HttpClient http, string id) =>
        http.GetFromJsonAsync<JsonElement>(new Uri($"/api/entities/{id}", UriKind.Relative));

    /// <summary>The <c>state</c> of the entity in an event.</summary>
    public static JsonElement State(this JsonElement historyEvent) => historyEvent.GetProperty("data").GetProperty("state");

    public static long Version(this JsonElement historyEvent) => historyEvent.GetProperty("data").GetProperty("version").GetInt64();

    /// <summary>Creates or replaces an entity that has only a state.</summary>
    public static async Task PutStateAsync(this HttpClient http, string id, string state)
    {
        using var response = await http.PutAsJsonAsync(new Uri($"/api/entities/{id}", UriKind.Relative), new { state });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The sequence number of the last event.</summary>
    public static async Task<long> HeadSeqAsync(this HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>(new Uri("/api/events?timeout=0", UriKind.Relative))).GetProperty("next").GetInt64();

    /// <summary>Sends a POST without a body; the path is relative to the server.</summary>
    public static async Task PostAsync(this HttpClient http, string path)
    {
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), null);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Restarts an actor, as an administrator does.</summary>
    public static Task RestartAsync(this HttpClient http, string path) => http.PostAsync($"/api/system/actors/restart?path={path}");
}
