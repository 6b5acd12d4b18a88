namespace AllInOne.Benchmarks.Runtimes;

/// <summary>Actor systems on the bundled runtime.</summary>
internal static class BenchSystem
{
    public static bool IsBundled => true;

    /// <summary>Whether <see cref="CreateWithoutAccounting"/> makes a difference on this runtime.</summary>
    public static bool CanSwitchAccounting => true;

    public const string RuntimeName = "AllInOne.Actors";

    public static ActorSystem Create() => ActorSystem.Create("bench");

    /// <summary>The same without accounting.</summary>
    public static ActorSystem CreateWithoutAccounting() =>
        ActorSystem.Create("bench", new ActorSystemOptions { Scheduling = new SchedulingOptions { Accounting = false } });
}
