namespace AllInOne.Server.Configuration;

/// <summary>Section <c>Data</c>.</summary>
internal sealed class DataOptions
{
    /// <summary>Where everything is kept: databases, logs. A relative path counts from the working directory. Made if missing.</summary>
    public string Directory { get; set; } = "data";

    public IEnumerable<string> Validate()
    {
        if (Directory.Length == 0 || Directory.Contains('\0', StringComparison.Ordinal))
        {
            yield return "Data:Directory names no directory";
        }
    }
}
