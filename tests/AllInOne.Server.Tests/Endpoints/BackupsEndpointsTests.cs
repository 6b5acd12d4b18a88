using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints;

public sealed class BackupsEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Resource = "/api/system/backups";

    [Fact]
    public async Task A_backup_is_made_listed_downloaded_and_deleted()
    {
        var (name, location) = await MakeAsync();

        var listed = (await ListAsync()).Single(item => item.GetProperty("name").GetString() == name);
        Assert.Equal("done", listed.GetProperty("state").GetString());
        Assert.Equal(["allinone.db", "history.db", "state.db"], listed.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()));
        using var download = await server.Client.GetAsync(location);
        var bytes = await download.Content.ReadAsByteArrayAsync();
        Assert.Equal(listed.GetProperty("bytes").GetInt64(), bytes.Length);
        Assert.Equal("application/zip", download.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("attachment", name), (download.Content.Headers.ContentDisposition?.DispositionType, download.Content.Headers.ContentDisposition?.FileName));
        using (var zip = new ZipArchive(new MemoryStream(bytes)))
        {
            Assert.NotNull(zip.GetEntry("backup.json"));
        }

        using var deleted = await server.SendAsync("DELETE", location);
        using var gone = await server.Client.GetAsync(location);
        using var again = await server.SendAsync("DELETE", location);
        Assert.Equal((204, 404, 404), ((int)deleted.StatusCode, (int)gone.StatusCode, (int)again.StatusCode));
    }

    [Fact]
    public async Task A_part_of_a_backup_can_be_requested()
    {
        var (_, location) = await MakeAsync();
        var whole = await server.Client.GetByteArrayAsync(location);
        using var request = new HttpRequestMessage(HttpMethod.Get, location);
        request.Headers.Range = new RangeHeaderValue(10, 29);

        using var part = await server.Client.SendAsync(request);

        Assert.Equal(206, (int)part.StatusCode);
        Assert.Equal(whole[10..30], await part.Content.ReadAsByteArrayAsync());
        using var head = await server.SendAsync("HEAD", location);
        Assert.Equal(whole.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_second_backup_at_the_same_time_is_a_409()
    {
        HttpResponseMessage[] answers = [];
        try
        {
            answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => server.SendAsync("POST", Resource)));

            Assert.All(answers, answer => Assert.True((int)answer.StatusCode is 202 or 409, $"{answer.StatusCode}"));
            Assert.Contains(answers, answer => (int)answer.StatusCode == 202);
            await DoneAsync();
        }
        finally
        {
            Array.ForEach(answers, answer => answer.Dispose());
        }
    }

    [Theory]
    [InlineData("GET", Resource + "/history.db", 400)]
    [InlineData("GET", Resource + "/..%2f..%2fhistory.db", 400)]
    [InlineData("DELETE", Resource + "/..%2fallinone.lock", 400)]
    [InlineData("GET", Resource + "/allinone-20200101T000000000Z.zip", 404)]
    [InlineData("DELETE", Resource + "/allinone-20200101T000000000Z.zip", 404)]
    [InlineData("GET", Resource + "?limit=5", 400)]
    [InlineData("POST", Resource + "?now=1", 400)]
    [InlineData("PUT", Resource, 405)]
    public async Task A_text_that_is_no_backup_is_a_problem(string method, string path, int status)
    {
        using var response = await server.SendAsync(method, path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Without_the_actor_a_backup_is_a_503_and_the_list_still_works()
    {
        await MakeAsync();
        using var stop = await server.SendAsync("POST", "/api/system/actors/stop?path=/user/backups");
        await Until.TrueAsync(() => server.Tree.Inspection.Find("/user/backups") is null);

        using var refused = await server.SendAsync("POST", Resource);
        var list = await ListAsync();

        Assert.Equal(503, (int)refused.StatusCode);
        Assert.NotEmpty(list);
        using var restart = await server.SendAsync("POST", "/api/system/actors/restart?path=/user/backups");
        await server.ReadyAsync();
        await MakeAsync();
    }

    private async Task<(string Name, string Location)> MakeAsync()
    {
        await DoneAsync();
        using var accepted = await server.SendAsync("POST", Resource);
        Assert.Equal(202, (int)accepted.StatusCode);
        var body = await accepted.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("running", body.GetProperty("state").GetString());
        await DoneAsync();
        return (body.GetProperty("name").GetString()!, accepted.Headers.Location!.ToString());
    }

    private Task DoneAsync() => Until.TrueAsync(() => server.Tree.Backups.List().All(one => one.State != Core.Backups.BackupState.Running));

    private async Task<List<JsonElement>> ListAsync() => [.. (await server.GetJsonAsync(Resource)).GetProperty("items").EnumerateArray()];
}
