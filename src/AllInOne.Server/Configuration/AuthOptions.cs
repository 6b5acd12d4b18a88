using AllInOne.Core.Values.Options;

namespace AllInOne.Server.Configuration;

/// <summary>The ways to decide which clients have access.</summary>
internal enum AuthMode
{
    /// <summary>Users and tokens; this version refuses it.</summary>
    Users,

    /// <summary>Each client that reaches a loopback address has full access. The default; the server then refuses other addresses.</summary>
    None,
}

/// <summary>The options of access (section <c>Auth</c>).</summary>
internal sealed class AuthOptions : IOptionRules
{
    /// <summary>Which clients have access.</summary>
    public AuthMode Mode { get; set; } = AuthMode.None;

    /// <summary>The password of the user <c>admin</c>, which the first start with <see cref="AuthMode.Users"/> will create.</summary>
    public string? AdminPassword { get; set; }

    public IEnumerable<string> BrokenRules()
    {
        if (Mode == AuthMode.Users)
        {
            yield return "Auth:Mode is users, which this version does not have yet; it takes none (loopback addresses only)";
        }
    }
}
