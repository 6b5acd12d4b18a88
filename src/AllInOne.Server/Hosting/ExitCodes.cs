namespace AllInOne.Server.Hosting;

/// <summary>How the process may end; the guardian and scripts tell the cases apart by these.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Some of what was asked for could not be done; what, is told.</summary>
    public const int Partly = 1;

    /// <summary>A wrong command line, configuration, port or data directory: starting again does not help.</summary>
    public const int WrongStart = 2;

    /// <summary>The supervision tree gave up (sysexits' EX_SOFTWARE): starting again is the way on.</summary>
    public const int TreeTerminated = 70;
}
