using System.Globalization;
using AllInOne.Core;
using AllInOne.Core.Backups;
using AllInOne.Core.Documents;
using AllInOne.Core.Entities;
using AllInOne.Core.Events.History;
using AllInOne.Core.Faults;
using AllInOne.Core.Feeds;
using AllInOne.Core.Jobs;
using AllInOne.Core.Live;
using AllInOne.Core.Load;
using AllInOne.Core.Requests;
using AllInOne.Core.State;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using AllInOne.Server.Configuration.Keys;

namespace AllInOne.Server.Configuration;

/// <summary>
/// The configuration of one start, checked as a whole before anything is opened: either everything is right, or
/// <see cref="Problems"/> has a line for each thing that is wrong.
/// </summary>
internal sealed class ServerSettings
{
    private ServerSettings(IConfigurationRoot configuration, MemoryBudget memory, IReadOnlyList<string> problems)
    {
        Configuration = configuration;
        Memory = memory;
        Problems = problems;
    }

    /// <summary>What every source together says.</summary>
    public IConfigurationRoot Configuration { get; }

    public IReadOnlyList<string> Problems { get; private set; }

    public DataOptions Data { get; } = new();

    public MemoryOptions MemoryUse { get; } = new();

    public AuthOptions Auth { get; } = new();

    public HttpOptions Http { get; } = new();

    /// <summary>What the tree is started with.</summary>
    public SystemTreeOptions Tree { get; private set; } = new() { DataDirectory = "" };

    /// <summary>The limits that come from the memory where the configuration has none.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>The limits in force of what clients may fill, in bytes, by key.</summary>
    public IReadOnlyDictionary<string, long> Limits => new Dictionary<string, long>
    {
        ["State:MaxBytes"] = Tree.State.MaxBytes,
        ["Entities:MaxBytes"] = Tree.Entities.MaxBytes,
        ["Http:MaxBodyBytesInFlight"] = Http.MaxBodyBytesInFlight,
        ["Http:MaxAnswerBytesInFlight"] = Http.MaxAnswerBytesInFlight,
        ["Storage:QueueBytes"] = Tree.Storage.QueueBytes,
        ["Jobs:MaxQueuedBytes"] = Tree.Jobs.MaxQueuedBytes,
        ["Documents:MaxAtomicImportBytes"] = Tree.Documents.MaxAtomicImportBytes,
        ["Documents:MaxPageBytes"] = Tree.Documents.MaxPageBytes,
        ["Live:RingBytes"] = Tree.Live.RingBytes,
    };

    /// <summary>The bytes that one request must be able to hold: an export, or a state value.</summary>
    private long LargestAnswer => Math.Max(Tree.Documents.ExportBytes, Tree.State.MaxValueBytes);

    /// <summary>Warnings to log: valid values of the configuration that may cause harm.</summary>
    public IEnumerable<string> Warnings => Memory.Excesses(Configuration);

    /// <summary>Whether a developer runs it: DOTNET_ENVIRONMENT is Development.</summary>
    public bool IsDevelopment { get; private init; }

    /// <summary>The addresses that Kestrel listens on.</summary>
    public IReadOnlyList<ListenAddress> Urls => ListenUrls.Parse(Configuration["Urls"]);

    /// <param name="directory">Where appsettings.json is.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="arguments">Keys of the command line.</param>
    /// <param name="memory">Available memory; the memory of this process when null.</param>
    public static ServerSettings Load(
        string directory, IReadOnlyDictionary<string, string> environment, IReadOnlyList<KeyValuePair<string, string>> arguments,
        MemoryBudget? memory = null)
    {
        var problems = new List<string>();
        var root = ConfigurationSources.Load(directory, environment, arguments, problems);
        var schema = ServerSchema.Create();
        problems.AddRange(ConfigurationCheck.Problems(root, schema));
        var settings = new ServerSettings(root, memory ?? MemoryBudget.OfProcess(), problems) { IsDevelopment = SaysDevelopment(environment) };
        if (problems.Count == 0)
        {
            // Binding trusts the check above: every key is known and every value converts.
            settings.Bind(schema);
            settings.Problems = [.. settings.Validate()];
        }

        return settings;
    }

    private void Bind(SchemaNode schema)
    {
        // Defaults: every other source overrides them.
        var limits = Memory.Limits.Select(limit => KeyValuePair.Create(limit.Key, limit.Bytes))
            .Append(KeyValuePair.Create($"{MemoryOptions.Section}:{nameof(MemoryOptions.Reserve)}", Memory.Reserve))
            .Select(limit => KeyValuePair.Create(limit.Key, (string?)limit.Value.ToString(CultureInfo.InvariantCulture)));
        var values = Configuration.AsEnumerable().Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create(pair.Key, (string?)ForBinder(schema, pair.Key, pair.Value!)));
        var given = new ConfigurationBuilder().AddInMemoryCollection(limits).AddInMemoryCollection(values).Build();
        given.GetSection("Data").Bind(Data);
        given.GetSection(MemoryOptions.Section).Bind(MemoryUse);
        given.GetSection("Auth").Bind(Auth);
        given.GetSection("Http").Bind(Http);
        Tree = new SystemTreeOptions { DataDirectory = Data.Directory };
        given.GetSection("Supervision").Bind(Tree.Supervision);
        given.GetSection(SchedulerOptions.Section).Bind(Tree.Scheduler);
        given.GetSection(StorageOptions.Section).Bind(Tree.Storage);
        given.GetSection(BackupsOptions.Section).Bind(Tree.Backups);
        given.GetSection(HistoryOptions.Section).Bind(Tree.History);
        given.GetSection(LiveOptions.Section).Bind(Tree.Live);
        given.GetSection(DocumentsOptions.Section).Bind(Tree.Documents);
        given.GetSection(StateOptions.Section).Bind(Tree.State);
        given.GetSection(EntitiesOptions.Section).Bind(Tree.Entities);
        given.GetSection(FeedsOptions.Section).Bind(Tree.Feeds);
        given.GetSection(JobsOptions.Section).Bind(Tree.Jobs);
        given.GetSection(RequestsOptions.Section).Bind(Tree.Requests);
        given.GetSection(LoadOptions.Section).Bind(Tree.Load);
        given.GetSection(FaultsOptions.Section).Bind(Tree.Faults);
        if (Configuration["Documents:MaxAtomicImportBytes"] is null && Configuration["Http:MaxBodyBytesInFlight"] is not null)
        {
            Tree.Documents.MaxAtomicImportBytes = (int)Math.Min(Tree.Documents.MaxAtomicImportBytes, Http.MaxBodyBytesInFlight);
        }
        else if (Configuration["Http:MaxBodyBytesInFlight"] is null)
        {
            // The bound must admit one request of the largest size.
            Http.MaxBodyBytesInFlight = Math.Max(Http.MaxBodyBytesInFlight, Math.Max(Http.MaxBodyBytes, Tree.Documents.MaxAtomicImportBytes));
        }

        if (Configuration["Http:MaxAnswerBytesInFlight"] is null)
        {
            Http.MaxAnswerBytesInFlight = Math.Max(Http.MaxAnswerBytesInFlight, LargestAnswer);
        }
    }

    private static string ForBinder(SchemaNode schema, string key, string text)
    {
        var node = key.Split(':').Aggregate((SchemaNode?)schema, (at, name) => at?.Child(name));
        return node?.Value is { } type ? ConfigurationValue.ForBinder(type, text) : text;
    }

    private IEnumerable<string> Validate() =>
    [
        .. Auth.Validate(),
        .. ListenUrls.Problems(Configuration["Urls"]),
        .. Data.Validate(),
        .. MemoryUse.Validate(),
        .. Http.Validate(),
        .. LargeImport(),
        .. SmallAnswers(),
        .. Tree.Supervision.Validate(),
        .. Tree.Scheduler.Validate(),
        .. Tree.Storage.Validate(),
        .. Tree.Backups.Validate(),
        .. Tree.History.Validate(),
        .. Tree.Live.Validate(),
        .. Tree.Documents.Validate(),
        .. Tree.State.Validate(),
        .. Tree.Entities.Validate(),
        .. Tree.Feeds.Validate(),
        .. OpenFeed(),
        .. Tree.Jobs.Validate(),
        .. Tree.Requests.Validate(),
        .. Tree.Load.Validate(),
        .. Tree.Faults.Validate(),
    ];

    private IEnumerable<string> LargeImport() => Tree.Documents.MaxAtomicImportBytes > Http.MaxBodyBytesInFlight
        ? [$"Http:MaxBodyBytesInFlight is {Http.MaxBodyBytesInFlight}; it must be at least Documents:MaxAtomicImportBytes, {Tree.Documents.MaxAtomicImportBytes}"]
        : [];

    private IEnumerable<string> SmallAnswers() => LargestAnswer > Http.MaxAnswerBytesInFlight
        ? [$"Http:MaxAnswerBytesInFlight is {Http.MaxAnswerBytesInFlight}; it must be at least {LargestAnswer}: "
            + $"Documents:MaxDocumentBytes and {DocumentsOptions.ExportPageBytes}, or State:MaxValueBytes if that is more"]
        : [];

    // A feed's token names no user: what it sends is as good as a PUT by everybody.
    private IEnumerable<string> OpenFeed() => Auth.Mode == AuthMode.None && Tree.Feeds.Xml.IsOpen
        ? [$"Feeds:Xml:Listen: '{Excerpt.Of(Tree.Feeds.Xml.Listen)}' can be reached from other machines, which Auth:Mode=none does not allow; "
            + "use a loopback address such as 127.0.0.1:7070"]
        : [];

    private static bool SaysDevelopment(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue("DOTNET_ENVIRONMENT", out var name)
        && name.Equals("Development", StringComparison.OrdinalIgnoreCase);
}
