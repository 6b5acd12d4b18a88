using Akka.Configuration;

namespace AllInOne.Benchmarks.Actors;

/// <summary>What the actors of a probe run on.</summary>
internal enum SystemKind
{
    /// <summary>Akka.NET with the plug-ins of AllInOne.Actors, as the server has it.</summary>
    Fair,

    /// <summary>Akka.NET with its own defaults: its dispatcher on the thread pool of .NET.</summary>
    Stock,

    /// <summary>The same, its default dispatcher on threads of its own.</summary>
    ForkJoin,

    /// <summary>The same, its default dispatcher on Akka.NET's channel executor.</summary>
    Channel,
}

/// <summary>The actor systems of the probes. An environment variable names the kind, so that all of them run the same code.</summary>
internal static class BenchSystem
{
    /// <summary>A <see cref="SystemKind"/> in the environment of a probe; <see cref="SystemKind.Fair"/> without it.</summary>
    public const string KindVariable = "BENCH_ACTORS";

    /// <summary>Those of the server: a log without listeners. They are the same for every kind.</summary>
    private const string Settings = """
        akka {
          loggers = []
          stdout-loglevel = OFF
          loglevel = INFO
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    public static string AkkaVersion { get; } = $"Akka.NET {typeof(ActorSystem).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>A system of the kind that the environment names.</summary>
    public static ActorSystem Create() => Create(
        Enum.TryParse<SystemKind>(Environment.GetEnvironmentVariable(KindVariable), out var kind) ? kind : SystemKind.Fair);

    /// <summary>Ours without the accounting of messages and busy time.</summary>
    public static ActorSystem CreateWithoutAccounting() =>
        Create(ConfigurationFactory.ParseString("fair-scheduler.accounting = off").WithFallback(FairActors.Config));

    private static ActorSystem Create(SystemKind kind) => Create(kind switch
    {
        SystemKind.Fair => FairActors.Config,
        SystemKind.ForkJoin => OnExecutor("fork-join-executor"),
        SystemKind.Channel => OnExecutor("channel-executor"),
        _ => Config.Empty,
    });

    private static ActorSystem Create(Config kind) =>
        ActorSystem.Create("bench", ConfigurationFactory.ParseString(Settings).WithFallback(kind));

    private static Config OnExecutor(string name) => ConfigurationFactory.ParseString($"akka.actor.default-dispatcher.executor = {name}");
}
