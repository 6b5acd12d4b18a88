using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Storage;

/// <summary>The options of the data directory (section <c>Data</c>).</summary>
public sealed class DataOptions : IOptionRules
{
    /// <summary>The directory of all databases and logs; created if it is missing. A relative path starts at the working directory.</summary>
    public string Directory { get; set; } = "data";

    public IEnumerable<string> BrokenRules()
    {
        if (Directory.Length == 0 || Directory.Contains('\0', StringComparison.Ordinal))
        {
            yield return "Data:Directory names no directory";
        }
    }
}
