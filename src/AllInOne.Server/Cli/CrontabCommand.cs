using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Server.Configuration;
using AllInOne.Server.Configuration.Keys;
using AllInOne.Server.Hosting;

namespace AllInOne.Server.Cli;

/// <summary>The command <c>crontab import FILE</c>: the lines of a crontab become jobs of the running server; a dry run only shows them.</summary>
internal static class CrontabCommand
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> keys, Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The crontab; - reads it from the standard input (crontab -l | …)." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the jobs, and import nothing." };
        var system = new Option<bool>("--system") { Description = "Each line names a user before the command, as in /etc/crontab." };
        var replace = new Option<bool>("--replace") { Description = "Define jobs anew that are there already." };
        var import = new Command("import", "Make jobs of the lines of a crontab.") { file, dryRun, system, replace, ServeCommand.Data };
        import.SetAction((parsed, cancel) => ImportAsync(
            keys, parsed.GetValue(file)!, parsed.GetValue(dryRun), parsed.GetValue(system), parsed.GetValue(replace), terminal, cancel));
        return new Command("crontab", "Bring a crontab along.") { import };
    }

    private static async Task<int> ImportAsync(
        IReadOnlyList<KeyValuePair<string, string>> keys, string file, bool dryRun, bool system, bool replace, Terminal terminal, CancellationToken cancel)
    {
        string text;
        try
        {
            text = file == "-" ? await Console.In.ReadToEndAsync(cancel) : await File.ReadAllTextAsync(file, cancel);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return await terminal.RefuseAsync([$"{file} cannot be read: {unreadable.Message}"]);
        }

        var (jobs, problems) = Crontab.Read(text, system, Owner());
        foreach (var problem in problems)
        {
            await terminal.WarnAsync(string.Create(CultureInfo.InvariantCulture, $"line {problem.Line} is left out: it {problem.Reason}"));
        }

        foreach (var (job, note) in jobs.SelectMany(job => job.Notes.Select(note => (job, note))))
        {
            await terminal.WarnAsync(string.Create(CultureInfo.InvariantCulture, $"note: line {job.Line} {note}"));
        }

        if (dryRun)
        {
            foreach (var job in jobs)
            {
                await terminal.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"line {job.Line}: PUT /api/jobs/{job.Id}"));
                await terminal.Output.WriteLineAsync(Encoding.UTF8.GetString(ToJson(job.Definition).Span));
            }

            return problems.Count > 0 ? ExitCodes.Partly : ExitCodes.Done;
        }

        return await SendAsync(keys, jobs, replace, terminal, cancel) switch
        {
            ExitCodes.Done when problems.Count > 0 => ExitCodes.Partly,
            var code => code,
        };
    }

    private static CrontabOwner Owner()
    {
        var (home, zone) = (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), TimeZoneInfo.Local);
        // A time zone of the machine without a name cannot be the zone of a job.
        var isNamed = !zone.HasSameRules(TimeZoneInfo.Utc) && TimeZoneInfo.TryFindSystemTimeZoneById(zone.Id, out _);
        return new CrontabOwner(Environment.UserName, home.Length > 0 ? home : null, isNamed ? zone.Id : null);
    }

    private static async Task<int> SendAsync(
        IReadOnlyList<KeyValuePair<string, string>> keys, IReadOnlyList<CrontabJob> jobs, bool replace, Terminal terminal, CancellationToken cancel)
    {
        var settings = ServerSettings.Load(AppContext.BaseDirectory, ConfigurationSources.ProcessEnvironment(), keys);
        if (settings.Problems.Count > 0)
        {
            return await terminal.RefuseAsync(settings.Problems);
        }

        var data = Path.GetFullPath(settings.Options.Data.Directory);
        if (ServerAddress.Find(data) is not { } server)
        {
            return await terminal.RefuseAsync([$"no server runs on {data}; start it, or try --dry-run"]);
        }

        // The jobs contain their environment, so they must not reach another server.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server };
        try
        {
            var left = 0;
            foreach (var job in jobs)
            {
                var refused = await PutAsync(http, job, replace, cancel);
                left += refused is null ? 0 : 1;
                await (refused is null
                    ? terminal.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"line {job.Line} is the job {job.Id}"))
                    : terminal.WarnAsync(string.Create(CultureInfo.InvariantCulture, $"line {job.Line} is left out: {refused}")));
            }

            if (left < jobs.Count && !await RunsProgramsAsync(http, cancel))
            {
                await terminal.WarnAsync("this server runs no programs, so every run of these jobs fails; start it with Jobs:Commands:Enabled=true");
            }

            return left > 0 ? ExitCodes.Partly : ExitCodes.Done;
        }
        catch (HttpRequestException broken)
        {
            return await terminal.RefuseAsync([$"the server at {server} does not answer: {broken.Message}"]);
        }
    }

    /// <summary>
    /// Whether the running server runs programs; the configuration of this command does not matter. An answer without this member means no.
    /// </summary>
    private static async Task<bool> RunsProgramsAsync(HttpClient http, CancellationToken cancel)
    {
        using var response = await http.GetAsync(new Uri("/api/system", UriKind.Relative), cancel);
        return response.IsSuccessStatusCode
            && (await response.Content.ReadFromJsonAsync<JsonElement>(cancel)).TryGetProperty("jobs", out var jobs)
            && jobs.TryGetProperty("commands", out var commands) && commands.ValueKind == JsonValueKind.True;
    }

    /// <summary>Stores a job on the server. Returns the problem; null if the job is stored.</summary>
    private static async Task<string?> PutAsync(HttpClient http, CrontabJob job, bool replace, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/api/jobs/{job.Id}", UriKind.Relative))
        {
            Content = new ReadOnlyMemoryContent(ToJson(job.Definition)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (!replace)
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        }

        using var response = await http.SendAsync(request, cancel);
        if (response.IsSuccessStatusCode)
        {
            return null;
        }

        if ((int)response.StatusCode is >= 300 and < 400)
        {
            return $"the server answers {(int)response.StatusCode}";
        }

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
        return response.StatusCode == HttpStatusCode.PreconditionFailed ? $"there is a job {job.Id} already (--replace defines it anew)"
            : problem.TryGetProperty("detail", out var detail) ? $"the server says: {detail.GetString()}" : $"the server answers {(int)response.StatusCode}";
    }

    private static ReadOnlyMemory<byte> ToJson(JobDefinition definition)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            writer.WriteStartObject();
            JobDefinitionJson.Write(writer, definition);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
