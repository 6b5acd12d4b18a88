namespace AllInOne.Core.Values;

/// <summary>
/// The names <c>.</c> and <c>..</c>. The path of a URL removes them (RFC 3986, 5.2.4), so a thing with such a name cannot be reached.
/// </summary>
public static class DotSegments
{
    public static bool Is(string name) => name is "." or "..";
}
