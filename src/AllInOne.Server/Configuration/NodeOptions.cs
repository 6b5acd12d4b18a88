using System.Text.RegularExpressions;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Options;

namespace AllInOne.Server.Configuration;

/// <summary>The options of this server as one of several (section <c>Node</c>).</summary>
internal sealed partial class NodeOptions : IOptionRules
{
    private const int MostCharacters = 63;

    /// <summary>The name of this server in its figures and log lines. Null: the first part of the host name.</summary>
    public string? Name { get; set; }

    /// <summary>The name in force.</summary>
    public string NameInForce => Name ?? OfHost(Environment.MachineName);

    public IEnumerable<string> BrokenRules()
    {
        if (Name is not null && !Form().IsMatch(Name))
        {
            yield return $"Node:Name is '{Excerpt.Of(Name)}'; it takes 1 to {MostCharacters} of the characters a-z, 0-9 and -";
        }
    }

    /// <summary>A valid name from the name of a host: its first part in lower case, with <c>-</c> for each character that is not allowed.</summary>
    internal static string OfHost(string host)
    {
        var name = Other().Replace(host.Split('.')[0].ToLowerInvariant(), "-");
        return name.Length == 0 ? "localhost" : name[..Math.Min(name.Length, MostCharacters)];
    }

    [GeneratedRegex(@"^[a-z0-9-]{1,63}\z")]
    private static partial Regex Form();

    [GeneratedRegex("[^a-z0-9-]")]
    private static partial Regex Other();
}
