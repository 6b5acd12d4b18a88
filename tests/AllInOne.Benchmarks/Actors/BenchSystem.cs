using Akka.Configuration;

namespace AllInOne.Benchmarks.Actors;

/// <summary>The dispatcher that runs the actors of a probe.</summary>
internal enum SystemKind
{
    /// <summary>Akka.NET with the plug-ins of AllInOne.Actors, as in the server.</summary>
    Fair,

    /// <summary>Akka.NET with its own defaults: its dispatcher on the thread pool of .NET.</summary>
    Stock,

    /// <summary>Akka.NET with its default dispatcher on separate threads.</summary>
    ForkJoin,

    /// <summary>Akka.NET with its default dispatcher on its channel executor.</summary>
    Channel,
}

/// <summary>The actor systems of the probes. An environment variable names the kind, so that all of them run the same code.</summary>
internal static class BenchSystem
{
    /// <summary>The environment variable of a probe that names a <see cref="SystemKind"/>; <see cref="SystemKind.Fair"/> if it is missing.</summary>
    public const string KindVariable = "BENCH_ACTORS";

    /// <summary>The settings of the server: a log without listeners. They are the same for every kind.</summary>
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

    /// <summary>Creates a system of the kind that the environment names.</summary>
    public static ActorSystem Create() => Create(
        Enum.TryParse<SystemKind>(Environment.GetEnvironmentVariable(KindVariable), out var kind) ? kind : SystemKind.Fair);

    /// <summary>Creates a system with our plug-ins, but without the accounting of messages and busy time.</summary>
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
