namespace AllInOne.Server.Configuration;

/// <summary>Who may call.</summary>
internal enum AuthMode
{
    /// <summary>Users and tokens; refused by this version.</summary>
    Users,

    /// <summary>Everybody who reaches a loopback address. The default; other addresses are refused with it.</summary>
    None,
}

/// <summary>Section <c>Auth</c>.</summary>
internal sealed class AuthOptions
{
    /// <summary>Who may call.</summary>
    public AuthMode Mode { get; set; } = AuthMode.None;

    /// <summary>Password of the user <c>admin</c>, made at the first start with <see cref="AuthMode.Users"/>.</summary>
    public string? AdminPassword { get; set; }

    public IEnumerable<string> Validate()
    {
        if (Mode == AuthMode.Users)
        {
            yield return "Auth:Mode is users, which this version does not have yet; set Auth:Mode to none (loopback addresses only)";
        }
    }
}
