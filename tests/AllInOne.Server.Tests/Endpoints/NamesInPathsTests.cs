using System.Net;
using System.Text;
using System.Text.Json;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;

namespace AllInOne.Server.Tests.Endpoints;

/// <summary>Everything that can be created can be reached under its path.</summary>
public sealed class NamesInPathsTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Alphabet = "aZ09_.:@{}-......//%\\ \t\0ä😀\ud83d?#&=+;,~'\"";

    [Fact]
    public async Task Every_possible_key_is_reached_under_its_path()
    {
        var random = new Random(19);
        var made = 0;
        var names = Enumerable.Range(0, 1500).Select(_ => new string([.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]));
        foreach (var key in names.Concat([".", "..", "...", ".a", "a.", "a/b", "/a", "a/", "%2F", "%2e", "%", new string('a', 512), new string('a', 513)]).Distinct())
        {
            using var put = await PostAsync("/api/state", new { operations = new[] { new { op = "put", key, value = 1 } } });
            Assert.True(put.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, $"{put.StatusCode}: {key}");
            if (!put.IsSuccessStatusCode)
            {
                continue;
            }

            made++;
            Assert.Equal("1", await server.Client.GetStringAsync($"/api/state/{Uri.EscapeDataString(key)}"));
            using var deleted = await server.Client.DeleteAsync($"/api/state/{Uri.EscapeDataString(key)}");
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        Assert.InRange(made, 50, 500);
    }

    [Fact]
    public async Task Every_possible_document_is_reached_under_its_path()
    {
        var random = new Random(20);
        var made = 0;
        var names = Enumerable.Range(0, 600).Select(_ => new string([.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]));
        foreach (var id in names.Concat([".", "..", "..."]).Distinct())
        {
            using var post = await PostAsync("/api/collections/names/documents", new { id });
            Assert.True(post.StatusCode is HttpStatusCode.Created or HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, $"{post.StatusCode}: {id}");
            if (post.IsSuccessStatusCode)
            {
                made++;
                Assert.Equal(id, (await server.GetJsonAsync($"/api/collections/names/documents/{Uri.EscapeDataString(id)}")).GetProperty("id").GetString());
            }
        }

        Assert.InRange(made, 20, 300);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task A_key_that_a_path_cannot_name_is_refused_and_one_of_an_earlier_version_can_still_be_read_and_deleted(string key)
    {
        using var refused = await PostAsync("/api/state", new { operations = new[] { new { op = "increment", key } } });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("not . or ..", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var job = await server.SendAsync("PUT", "/api/jobs/dots", $$"""{"schedule": null, "action": {"type": "state", "op": "increment", "key": "{{key}}"} }""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, job.StatusCode);

        Assert.True(StateKey.TryParseStored(key, out var stored));
        await server.Tree.State.ApplyAsync(StateOperation.Put(stored, "5"u8.ToArray()));

        Assert.Equal(5, (await server.GetJsonAsync($"/api/state?key={key}")).GetProperty("items")[0].GetProperty("value").GetInt32());
        Assert.Contains((await server.GetJsonAsync("/api/state?prefix=.")).GetProperty("items").EnumerateArray(), item => item.GetProperty("key").GetString() == key);
        using var deleted = await PostAsync("/api/state", new { operations = new[] { new { op = "delete", key } } });
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Empty((await server.GetJsonAsync($"/api/state?key={key}")).GetProperty("items").EnumerateArray());
    }

    private Task<HttpResponseMessage> PostAsync(string path, object body)
    {
        var json = JsonSerializer.Serialize(body);
        return server.Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
    }
}
