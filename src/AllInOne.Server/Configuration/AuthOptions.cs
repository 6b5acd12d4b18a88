namespace AllInOne.Server.Configuration;

/// <summary>Who may call.</summary>
internal enum AuthMode
{
    /// <summary>Users and tokens. The default, so that a lost configuration file opens nothing.</summary>
    Users,

    /// <summary>Everybody who reaches a loopback address.</summary>
    None,
}

/// <summary>Section <c>Auth</c>.</summary>
internal sealed class AuthOptions
{
    /// <summary>Who may call.</summary>
    public AuthMode Mode { get; set; } = AuthMode.Users;

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
