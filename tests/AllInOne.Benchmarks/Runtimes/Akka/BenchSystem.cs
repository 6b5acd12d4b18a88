namespace AllInOne.Benchmarks.Runtimes;

/// <summary>Actor systems on Akka.NET, as quiet as the bundled runtime is: nobody listens to its log there either.</summary>
internal static class BenchSystem
{
    public static bool IsBundled => false;

    public static bool CanSwitchAccounting => false;

    private const string Quiet = "akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off, log-dead-letters-during-shutdown = off }";

    public static string RuntimeName => $"Akka.NET {typeof(ActorSystem).Assembly.GetName().Version}";

    public static ActorSystem Create() => ActorSystem.Create("bench", Quiet);

    public static ActorSystem CreateWithoutAccounting() => Create();
}
