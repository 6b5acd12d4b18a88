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
            return await probe.ExpectTerminatedAsync(actor, timeout ?? Patience);
        }
    }
}
