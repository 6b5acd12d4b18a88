using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Event;

namespace AllInOne.Actors.Tests.Dispatch;

/// <summary>A fault outside the code of any actor, on a worker: here in a mailbox.</summary>
public sealed class SchedulerFaultTests() : ActorTest(TestSystem.Create(
    "fault", $"faulty-mailbox.mailbox-type = \"{typeof(FaultyMailbox).AssemblyQualifiedName}\""))
{
    [Fact]
    public async Task A_mailbox_that_throws_ends_the_system_with_its_fault()
    {
        var errors = new Recorder(((ExtendedActorSystem)System).Provider);
        System.EventStream.Subscribe(errors, typeof(Error));
        var actor = System.ActorOf(Puppet.Props(Probe.Ref, null).WithMailbox("faulty-mailbox"));

        actor.Tell("anything");

        var reason = Assert.IsType<SchedulerFaultException>(await System.WhenGivenUp().WaitAsync(Patience));
        Assert.IsType<TestFailure>(reason.InnerException);
        Assert.Equal("The actor scheduler failed: TestFailure: the queue is broken", reason.Message);
        Assert.Same(reason, (await errors.First.WaitAsync(Patience)).Cause);
        await System.WhenTerminated.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_reference_that_throws_does_not_delay_other_timers()
    {
        var errors = Listen<Error>();

        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(1), new BrokenReference(), "anything", ActorRefs.NoSender);
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(50), Probe.Ref, "after it", ActorRefs.NoSender);

        await ExpectAsync("after it");
        Assert.IsType<TestFailure>((await errors.ExpectMsgAsync<Error>()).Cause);
    }

    private sealed class FaultyMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<FaultyQueue>
    {
        public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new FaultyQueue();
    }

    /// <summary>A message queue that throws once.</summary>
    private sealed class FaultyQueue : UnboundedMessageQueue, IMessageQueue
    {
        private int _broken;

        bool IMessageQueue.TryDequeue(out Envelope envelope) =>
            Interlocked.Exchange(ref _broken, 1) == 0 ? throw new TestFailure("the queue is broken") : TryDequeue(out envelope);
    }

    /// <summary>A recorder that needs no worker, unlike an actor, because the system terminates at that time.</summary>
    private sealed class Recorder(IActorRefProvider provider) : MinimalActorRef
    {
        private readonly TaskCompletionSource<Error> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Error> First => _first.Task;

        public override ActorPath Path => provider.RootPath / "recorder";

        public override IActorRefProvider Provider => provider;

        protected override void TellInternal(object message, IActorRef sender) => _first.TrySetResult((Error)message);
    }

    private sealed class BrokenReference : ICanTell
    {
        public void Tell(object message, IActorRef sender) => throw new TestFailure("the reference is broken");
    }
}
