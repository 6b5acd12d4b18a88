using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace AllInOne.TestKit;

/// <summary>Akka.TestKit's probes over any actor system.</summary>
public static class Probes
{
    /// <summary>How long to wait where nothing else is said: long enough for a loaded machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A probe is an ordinary actor here: TestKit's own dispatcher would run it on the sender's thread, where nothing of the fair dispatcher
    /// is under test, and what an abandoned actor sends would arrive.
    /// </summary>
    private static readonly Config Settings = ConfigurationFactory.ParseString($$"""
        akka.test {
          single-expect-default = {{Patience.TotalMilliseconds}}ms
          default-timeout = {{Patience.TotalMilliseconds}}ms
          test-actor.dispatcher.type = "AllInOne.Actors.FairDispatcherConfigurator, AllInOne.Actors"
        }
        """).WithFallback(TestKitBase.DefaultConfig);

    private static readonly XunitAssertions Assertions = new();

    extension(ActorSystem system)
    {
        /// <summary>A new probe; its actor is below <c>/system</c>.</summary>
        public TestProbe CreateProbe()
        {
            if (!system.Settings.Config.HasPath("akka.test.single-expect-default"))
            {
                system.Settings.InjectTopLevelFallback(Settings);
            }

            // TestKit leaves a context of its own on the calling thread, for implicit senders: a test that awaits would carry it along.
            var context = SynchronizationContext.Current;
            try
            {
                return new TestProbe(system, Assertions);
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(context);
            }
        }

        /// <summary>Completes when the actor has stopped; also when that was before.</summary>
        public async Task<Terminated> WhenStoppedAsync(IActorRef actor, TimeSpan? timeout = null)
        {
            var probe = system.CreateProbe();
            await probe.WatchAsync(actor);
            return await probe.ExpectTerminatedAsync(actor, timeout);
        }
    }
}
