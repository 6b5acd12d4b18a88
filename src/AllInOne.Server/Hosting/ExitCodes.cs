namespace AllInOne.Server.Hosting;

/// <summary>The exit codes of the process, for scripts and the service manager.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The command has failed in part; the error stream says which part.</summary>
    public const int Partly = 1;

    /// <summary>The command line, the configuration, a port or the data directory is wrong; a restart does not help.</summary>
    public const int WrongStart = 2;

    /// <summary>The supervision tree has ended (EX_SOFTWARE of sysexits); a restart is required.</summary>
    public const int TreeTerminated = 70;
}
