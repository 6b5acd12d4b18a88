using System.Globalization;
using AllInOne.Core.Values.Options;
using AllInOne.Server.Configuration.Keys;

namespace AllInOne.Server.Configuration;

/// <summary>
/// The configuration of one start. It is checked completely before anything is opened: either it is valid, or <see cref="Problems"/> has one
/// line for each fault.
/// </summary>
internal sealed class ServerSettings
{
    private ServerSettings(IConfigurationRoot configuration, MemoryBudget memory, IReadOnlyList<string> problems)
    {
        Configuration = configuration;
        Memory = memory;
        Problems = problems;
    }

    /// <summary>The values of all sources together.</summary>
    public IConfigurationRoot Configuration { get; }

    /// <summary>One line for each fault; empty if the configuration is valid.</summary>
    public IReadOnlyList<string> Problems { get; private set; }

    /// <summary>The options in force; the defaults if there are <see cref="Problems"/>.</summary>
    public ServerOptions Options { get; } = new();

    /// <summary>The limits that come from the memory where the configuration has none.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>The limits in force of the data that clients can create, in bytes, by key.</summary>
    public IReadOnlyDictionary<string, long> Limits
    {
        get
        {
            var values = OptionKey.Of(Options).ToDictionary(option => option.Key, option => option.Value);
            return Memory.Limits.ToDictionary(limit => limit.Key, limit => Convert.ToInt64(values[limit.Key], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Warnings to log: valid values of the configuration that may cause harm.</summary>
    public IEnumerable<string> Warnings => Memory.Excesses(Configuration);

    /// <summary>Whether a developer runs the server: DOTNET_ENVIRONMENT is Development.</summary>
    public bool IsDevelopment { get; private init; }

    /// <summary>The addresses that Kestrel listens on.</summary>
    public IReadOnlyList<ListenAddress> Urls => ListenUrls.Parse(Options.Urls);

    /// <param name="directory">The directory of appsettings.json.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="arguments">The keys of the command line.</param>
    /// <param name="memory">The available memory; that of this process when null.</param>
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
            // The binder needs the check above: every key is known and every value can be converted.
            settings.Bind(schema);
            settings.Problems = [.. OptionKey.Problems(settings.Options)];
        }

        return settings;
    }

    private void Bind(SchemaNode schema)
    {
        // Defaults: every other source overrides them.
        var limits = Memory.Limits.Select(limit => KeyValuePair.Create(limit.Key, limit.Bytes)).Append(KeyValuePair.Create("Memory:Reserve", Memory.Reserve))
            .Select(limit => KeyValuePair.Create(limit.Key, (string?)limit.Value.ToString(CultureInfo.InvariantCulture)));
        var values = Configuration.AsEnumerable().Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create(pair.Key, (string?)ForBinder(schema, pair.Key, pair.Value!)));
        new ConfigurationBuilder().AddInMemoryCollection(limits).AddInMemoryCollection(values).Build().Bind(Options);
        var (http, documents) = (Options.Http, Options.Documents);
        if (!IsConfigured("Documents:MaxAtomicImportBytes") && IsConfigured("Http:MaxBodyBytesInFlight"))
        {
            documents.MaxAtomicImportBytes = (int)Math.Min(documents.MaxAtomicImportBytes, http.MaxBodyBytesInFlight);
        }
        else if (!IsConfigured("Http:MaxBodyBytesInFlight"))
        {
            // The limit must admit one request of the largest size.
            http.MaxBodyBytesInFlight = Math.Max(http.MaxBodyBytesInFlight, Math.Max(http.MaxBodyBytes, documents.MaxAtomicImportBytes));
        }

        if (!IsConfigured("Http:MaxAnswerBytesInFlight"))
        {
            http.MaxAnswerBytesInFlight = Math.Max(http.MaxAnswerBytesInFlight, Options.LargestAnswer);
        }
    }

    private bool IsConfigured(string key) => Configuration[key] is not null;

    private static string ForBinder(SchemaNode schema, string key, string text)
    {
        var node = key.Split(':').Aggregate((SchemaNode?)schema, (at, name) => at?.Child(name));
        return node?.Value is { } type ? ConfigurationValue.ForBinder(type, text) : text;
    }

    private static bool SaysDevelopment(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue("DOTNET_ENVIRONMENT", out var name)
        && name.Equals("Development", StringComparison.OrdinalIgnoreCase);
}
