using AllInOne.Core;
using AllInOne.Core.Documents;
using AllInOne.Core.Backups;
using AllInOne.Core.Entities;
using AllInOne.Core.Faults;
using AllInOne.Core.Feeds;
using AllInOne.Core.Jobs;
using AllInOne.Core.Live;
using AllInOne.Core.Load;
using AllInOne.Core.Requests;
using AllInOne.Core.State;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.History;
using AllInOne.Core.Supervision;

namespace AllInOne.Server.Configuration;

/// <summary>
/// The configuration of one start, checked as a whole before anything is opened: either everything is right, or
/// <see cref="Problems"/> has a line for each thing that is wrong.
/// </summary>
internal sealed class ServerSettings
{
    private ServerSettings(IConfigurationRoot configuration, IReadOnlyList<string> problems)
    {
        Configuration = configuration;
        Problems = problems;
    }

    /// <summary>What every source together says.</summary>
    public IConfigurationRoot Configuration { get; }

    public IReadOnlyList<string> Problems { get; private set; }

    public DataOptions Data { get; } = new();

    public MemoryOptions Memory { get; } = new();

    public AuthOptions Auth { get; } = new();

    public HttpOptions Http { get; } = new();

    /// <summary>What the tree is started with.</summary>
    public SystemTreeOptions Tree { get; private set; } = new() { DataDirectory = "" };

    /// <summary>Whether a developer runs it: DOTNET_ENVIRONMENT is Development.</summary>
    public bool IsDevelopment { get; private init; }

    /// <summary>The addresses that Kestrel listens on.</summary>
    public IReadOnlyList<ListenAddress> Urls => ListenUrls.Parse(Configuration["Urls"]);

    /// <param name="directory">Where appsettings.json is.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="arguments">Keys of the command line.</param>
    public static ServerSettings Load(
        string directory, IReadOnlyDictionary<string, string> environment, IReadOnlyList<KeyValuePair<string, string>> arguments)
    {
        var problems = new List<string>();
        var root = ConfigurationSources.Load(directory, environment, arguments, problems);
        problems.AddRange(ConfigurationCheck.Problems(root, ServerSchema.Create()));
        var settings = new ServerSettings(root, problems) { IsDevelopment = SaysDevelopment(environment) };
        if (problems.Count == 0)
        {
            // Binding trusts the check above: every key is known and every value converts.
            settings.Bind();
            settings.Problems = [.. settings.Validate()];
        }

        return settings;
    }

    private void Bind()
    {
        Configuration.GetSection("Data").Bind(Data);
        Configuration.GetSection(MemoryOptions.Section).Bind(Memory);
        Configuration.GetSection("Auth").Bind(Auth);
        Configuration.GetSection("Http").Bind(Http);
        Tree = new SystemTreeOptions { DataDirectory = Data.Directory };
        Configuration.GetSection("Supervision").Bind(Tree.Supervision);
        Configuration.GetSection(SchedulerOptions.Section).Bind(Tree.Scheduler);
        Configuration.GetSection(StorageOptions.Section).Bind(Tree.Storage);
        Configuration.GetSection(BackupsOptions.Section).Bind(Tree.Backups);
        Configuration.GetSection(HistoryOptions.Section).Bind(Tree.History);
        Configuration.GetSection(LiveOptions.Section).Bind(Tree.Live);
        Configuration.GetSection(DocumentsOptions.Section).Bind(Tree.Documents);
        Configuration.GetSection(StateOptions.Section).Bind(Tree.State);
        Configuration.GetSection(EntitiesOptions.Section).Bind(Tree.Entities);
        Configuration.GetSection(FeedsOptions.Section).Bind(Tree.Feeds);
        Configuration.GetSection(JobsOptions.Section).Bind(Tree.Jobs);
        Configuration.GetSection(RequestsOptions.Section).Bind(Tree.Requests);
        Configuration.GetSection(LoadOptions.Section).Bind(Tree.Load);
        Configuration.GetSection(FaultsOptions.Section).Bind(Tree.Faults);
    }

    private IEnumerable<string> Validate() =>
    [
        .. Auth.Validate(),
        .. ListenUrls.Problems(Configuration["Urls"]),
        .. Data.Validate(),
        .. Memory.Validate(),
        .. Http.Validate(),
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

    // A feed's token names no user: what it sends is as good as a PUT by everybody.
    private IEnumerable<string> OpenFeed() => Auth.Mode == AuthMode.None && Tree.Feeds.Xml.IsOpen
        ? [$"Feeds:Xml:Listen: '{Tree.Feeds.Xml.Listen}' can be reached from other machines, which Auth:Mode=none does not allow; "
            + "use a loopback address such as 127.0.0.1:7070"]
        : [];

    private static bool SaysDevelopment(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue("DOTNET_ENVIRONMENT", out var name)
        && name.Equals("Development", StringComparison.OrdinalIgnoreCase);
}
