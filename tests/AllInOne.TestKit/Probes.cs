using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace AllInOne.TestKit;

/// <summary>Akka.TestKit's probes over any actor system.</summary>
public static class Probes
{
    /// <summary>The default time limit of a wait, long enough for a loaded machine.</summary>
    public static readonly TimeSpan Patience = Until.Limit;

    private static readonly XunitAssertions Assertions = new();

    extension(ActorSystem system)
    {
        /// <summary>A new probe; its actor is below <c>/system</c>.</summary>
        public TestProbe CreateProbe()
        {
            // TestKit leaves a synchronization context on the calling thread, for implicit senders. A test that awaits would keep it.
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

        /// <summary>Completes when the actor has stopped, also if it has stopped before.</summary>
        public async Task<Terminated> WhenStoppedAsync(IActorRef actor, TimeSpan? timeout = null)
        {
            var probe = system.CreateProbe();
            await probe.WatchAsync(actor);
            return await probe.ExpectTerminatedAsync(actor, timeout ?? Patience);
        }
    }
}
