using System.Text.Json;
using AllInOne.Core.Values;

namespace AllInOne.Server.Configuration.Keys;

/// <summary>
/// The sources of the configuration; a later one overrides an earlier one: the built-in <c>appsettings.json</c>; the file of that name beside the
/// executable, which may be missing; environment variables <c>ALLINONE__Section__Key</c>; the command line. A file in the working directory is
/// ignored. The configuration is read once, at the start.
/// </summary>
internal static class ConfigurationSources
{
    public const string FileName = "appsettings.json";
    private const string BuiltInName = "built-in " + FileName;
    private const string EnvironmentPrefix = "ALLINONE__";

    /// <summary>Reads all sources. A file that cannot be read or is not JSON is a line in <paramref name="problems"/>, and is ignored.</summary>
    public static IConfigurationRoot Load(
        string directory, IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<KeyValuePair<string, string>> arguments, ICollection<string> problems)
    {
        var file = Path.Combine(directory, FileName);
        var settings = new ConfigurationBuilder().Build();
        try
        {
            settings = FromFile(file);
        }
        catch (Exception e) when (e is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            problems.Add($"{file}: {(Directory.Exists(file) ? "is a directory, not a file" : Reason(e))}");
        }

        var builder = new ConfigurationBuilder();
        builder.Add(new NamedSource(BuiltInName, BuiltIn().AsEnumerable(), isEnvironment: false));
        builder.Add(new NamedSource(FileName, settings.AsEnumerable(), isEnvironment: false));
        builder.Add(new NamedSource("environment", FromEnvironment(environment), isEnvironment: true));
        builder.Add(new NamedSource("command line", arguments.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)), isEnvironment: false));
        return builder.Build();
    }

    /// <summary>The environment of the process, as <see cref="Load"/> takes it.</summary>
    public static Dictionary<string, string> ProcessEnvironment()
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            result[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return result;
    }

    /// <summary>The source of the value of <paramref name="key"/>: for an environment variable its name, otherwise the name of the source.</summary>
    public static string Describe(IConfigurationRoot root, string key)
    {
        foreach (var provider in root.Providers.Reverse())
        {
            if (provider is NamedProvider named && named.TryGet(key, out _))
            {
                return named.IsEnvironment ? Excerpt.Of(EnvironmentPrefix + key.Replace(":", "__", StringComparison.Ordinal), 128) : named.Name;
            }
        }

        return FileName;
    }

    private static IConfigurationRoot BuiltIn()
    {
        using var json = typeof(ConfigurationSources).Assembly.GetManifestResourceStream(FileName)!;
        return new ConfigurationBuilder().AddJsonStream(json).Build();
    }

    private static IConfigurationRoot FromFile(string path)
    {
        try
        {
            using var json = File.OpenRead(path);
            return new ConfigurationBuilder().AddJsonStream(json).Build();
        }
        catch (FileNotFoundException)
        {
            return new ConfigurationBuilder().Build();
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> FromEnvironment(IReadOnlyDictionary<string, string> environment) =>
        environment.Where(pair => pair.Key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            .Select(pair => KeyValuePair.Create(
                pair.Key[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value));

    private static string Reason(Exception e)
    {
        var innermost = e;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return innermost is JsonException { LineNumber: { } line }
            ? $"not valid JSON at line {line + 1}"
            : $"cannot be read: {innermost.Message}";
    }

    /// <summary>A source with a name, so that a problem can name the source of a wrong value.</summary>
    private sealed class NamedSource(string name, IEnumerable<KeyValuePair<string, string?>> pairs, bool isEnvironment)
        : IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => new NamedProvider(name, pairs, isEnvironment);
    }

    private sealed class NamedProvider : ConfigurationProvider
    {
        public NamedProvider(string name, IEnumerable<KeyValuePair<string, string?>> pairs, bool isEnvironment)
        {
            Name = name;
            IsEnvironment = isEnvironment;
            foreach (var (key, value) in pairs)
            {
                // A section has a key without a value; only real values are kept. Of two values, the later one is kept.
                if (value is not null)
                {
                    Data[key] = value;
                }
            }
        }

        public string Name { get; }

        public bool IsEnvironment { get; }
    }
}
