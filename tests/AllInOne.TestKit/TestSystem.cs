using Akka.Actor;
using Akka.Configuration;
using AllInOne.Actors;

namespace AllInOne.TestKit;

/// <summary>Actor systems with the settings of the program, without a logger.</summary>
public static class TestSystem
{
    /// <summary>
    /// A probe is an ordinary actor here. TestKit's own dispatcher would run the probe on the sender's thread, and so deliver messages of an
    /// abandoned actor.
    /// </summary>
    private static readonly string Defaults = $$"""
        akka {
          test {
            single-expect-default = {{Probes.Patience.TotalMilliseconds}}ms
            default-timeout = {{Probes.Patience.TotalMilliseconds}}ms
            test-actor.dispatcher.type = "AllInOne.Actors.FairDispatcherConfigurator, AllInOne.Actors"
          }

          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    /// <param name="name">The system's name.</param>
    /// <param name="settings">HOCON that overrides all defaults.</param>
    public static ActorSystem Create(string name, string settings = "") =>
        ActorSystem.Create(name, ConfigurationFactory.ParseString(settings).WithFallback(Defaults).WithFallback(FairActors.Config));
}
