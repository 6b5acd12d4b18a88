namespace AllInOne.Core.Jobs.Definitions;

/// <summary>
/// Hides the values of headers and variables, because any of them may be a token. Only values whose names are known to be harmless are shown.
/// A client that reads a definition sees <see cref="Hidden"/> in their place. If it puts this back, the stored value stays.
/// </summary>
internal static class JobSecrets
{
    public const string Hidden = "********";

    private static readonly HashSet<string> ShownHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Cache-Control", "Connection", "Content-Encoding", "Content-Language", "Content-Type",
        "Expect", "Host", "If-Match", "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "Origin", "Pragma", "Prefer", "Range", "User-Agent",
        "X-Requested-With",
    };

    private static readonly HashSet<string> ShownVariables = new(StringComparer.Ordinal)
    {
        "EDITOR", "HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "PWD", "SHELL", "TERM", "TMPDIR", "TZ", "USER",
    };

    public static bool IsHiddenHeader(string name) => !ShownHeaders.Contains(name);

    public static bool IsHiddenVariable(string name) => !ShownVariables.Contains(name) && !name.StartsWith("LC_", StringComparison.Ordinal);

    /// <summary>
    /// Replaces each <see cref="Hidden"/> with the value in <paramref name="stored"/>. Returns the action, and the errors by the path of the member.
    /// </summary>
    public static (JobAction Action, IReadOnlyDictionary<string, string[]> Errors) Keep(JobAction action, JobAction? stored) => action switch
    {
        JobAction.Http http => Keep(http, stored as JobAction.Http),
        JobAction.Command command => Keep(command, stored as JobAction.Command),
        _ => (action, new Dictionary<string, string[]>()),
    };

    // A stored token must not be sent to another server.
    private static (JobAction Action, IReadOnlyDictionary<string, string[]> Errors) Keep(JobAction.Http action, JobAction.Http? stored)
    {
        var isSameServer = stored is not null
            && Uri.Compare(stored.Url, action.Url, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
        var there = isSameServer ? new Dictionary<string, string>(stored!.Headers, StringComparer.OrdinalIgnoreCase) : [];
        var (headers, missing) = Keep(action.Headers, there, IsHiddenHeader);
        return (action with { Headers = headers }, Errors("action.headers", missing, "no stored value of a job that calls the same server"));
    }

    private static (JobAction Action, IReadOnlyDictionary<string, string[]> Errors) Keep(JobAction.Command action, JobAction.Command? stored)
    {
        var (env, missing) = Keep(action.Env, stored?.Env ?? new Dictionary<string, string>(), IsHiddenVariable);
        return (action with { Env = env }, Errors("action.env", missing, "no stored value"));
    }

    private static (IReadOnlyDictionary<string, string> Values, List<string> Missing) Keep(
        IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> stored, Func<string, bool> isHidden)
    {
        var (values, missing) = (new Dictionary<string, string>(given), new List<string>());
        foreach (var (name, _) in given.Where(one => one.Value == Hidden && isHidden(one.Key)))
        {
            if (stored.TryGetValue(name, out var value))
            {
                values[name] = value;
            }
            else
            {
                missing.Add(name);
            }
        }

        return (values, missing);
    }

    private static Dictionary<string, string[]> Errors(string path, List<string> missing, string what) =>
        missing.Count == 0 ? [] : new() { [path] = [.. missing.Select(name => $"{name} is {Hidden}, and there is {what}: give it anew")] };
}
