using Akka.Configuration;

namespace AllInOne.TestKit;

/// <summary>Actor systems as the program has them, without a logger.</summary>
public static class TestSystem
{
    private const string Quiet = """
        akka {
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    /// <param name="name">The system's name.</param>
    /// <param name="settings">HOCON that goes before all defaults.</param>
    public static ActorSystem Create(string name, string settings = "") =>
        ActorSystem.Create(name, ConfigurationFactory.ParseString(settings).WithFallback(Quiet).WithFallback(FairActors.Config));
}
