namespace AllInOne.Core.Values;

/// <summary><c>.</c> and <c>..</c>: a URL's path removes them (RFC 3986, 5.2.4), so nothing with such a name can be reached.</summary>
public static class DotSegments
{
    public static bool Is(string name) => name is "." or "..";
}
