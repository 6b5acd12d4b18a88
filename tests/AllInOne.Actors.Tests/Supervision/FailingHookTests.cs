using Akka.Event;

namespace AllInOne.Actors.Tests.Supervision;

/// <summary>Failures in the constructor and in the hooks.</summary>
public sealed class FailingHookTests : ActorTest
{
    [Theory]
    [InlineData("constructor")]
    [InlineData("PreStart")]
    public async Task A_start_that_throws_is_a_failure_and_stops_the_child_by_default(string hook)
    {
        var parent = StartPuppet();
        var child = await StartChildAsync(parent, Recipe.Of(() => new Fragile(Probe.Ref, hook, 1)));

        await Probe.ExpectTerminatedAsync(child);
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("PreStart")]
    public async Task A_start_that_throws_reaches_the_decider_with_its_cause(string hook)
    {
        var seen = new TaskCompletionSource<Exception>();
        var parent = StartPuppet(new OneForOneStrategy(cause =>
        {
            seen.TrySetResult(cause);
            return Directive.Stop;
        }));
        await StartChildAsync(parent, Recipe.Of(() => new Fragile(Probe.Ref, hook, 1)));

        var cause = await seen.Task.WaitAsync(Patience);
        Assert.IsAssignableFrom<ActorInitializationException>(cause);
        Assert.Contains(Causes(cause), one => one is TestFailure);
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("PreStart")]
    public async Task A_start_that_is_tried_again_keeps_the_mailbox(string hook)
    {
        var attempts = new Attempts(2);
        var parent = StartPuppet(Always(Directive.Restart));
        var child = await StartChildAsync(parent, Recipe.Of(() => new Fragile(Probe.Ref, hook, attempts)));
        child.Tell("kept", ActorRefs.NoSender);

        await ExpectAsync("kept");
        Assert.Equal(0, attempts.Left);
    }

    [Fact]
    public async Task PreRestart_that_throws_does_not_hold_up_the_restart()
    {
        var errors = Listen<Error>();
        var parent = StartPuppet(Always(Directive.Restart));
        var child = await StartChildAsync(parent, Recipe.Of(() => new Fragile(Probe.Ref, "PreRestart", 1)));
        child.Tell(new Crash(Failure()), ActorRefs.NoSender);
        child.Tell("restarted", ActorRefs.NoSender);

        await ExpectAsync("restarted");
        await errors.FishForMsgAsync<Error>(error => error.Cause is PreRestartException);
    }

    [Theory]
    [InlineData("PostRestart")]
    [InlineData("constructor")]
    public async Task A_restart_that_throws_is_a_failure_and_stops_the_child_by_default(string hook)
    {
        var attempts = new Attempts(0);
        var parent = StartPuppet();
        var child = await StartChildAsync(parent, Recipe.Of(() => new Fragile(Probe.Ref, hook, attempts)));
        await SettledAsync(child);
        attempts.Left = 1;

        child.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task A_restart_that_throws_can_be_tried_again_and_keeps_the_mailbox()
    {
        var attempts = new Attempts(3);
        var parent = StartPuppet(Always(Directive.Restart));
        var child = await StartChildAsync(parent, Recipe.Of(() => new Fragile(Probe.Ref, "PostRestart", attempts)));
        child.Tell(new Crash(Failure()), ActorRefs.NoSender);
        child.Tell("kept", ActorRefs.NoSender);

        await ExpectAsync("kept");
    }

    [Fact]
    public async Task PostStop_that_throws_does_not_hold_up_the_end()
    {
        var parent = StartPuppet();
        var child = await StartChildAsync(parent, Recipe.Of(() => new Fragile(Probe.Ref, "PostStop", 1)), "fragile");
        child.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(child);
        parent.Tell("alive", ActorRefs.NoSender);
        await ExpectAsync("alive");
    }

    [Fact]
    public async Task Children_made_by_a_start_that_threw_are_stopped()
    {
        var parent = StartPuppet();
        var child = await StartChildAsync(parent, Recipe.Of(() => new HasChildThenThrows(Probe.Ref)));
        var grandchild = await Probe.ExpectMsgAsync<IActorRef>();

        await Probe.ExpectTerminatedAsync(grandchild);
        await Probe.ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task An_actor_that_throws_in_every_hook_harms_no_neighbour()
    {
        var parent = StartPuppet(new OneForOneStrategy(3, TimeSpan.FromHours(1), _ => Directive.Restart));
        var neighbour = await StartChildAsync(parent);
        var child = await StartChildAsync(parent, Recipe.Of(() => new AlwaysThrows()));

        await Probe.ExpectTerminatedAsync(child);
        neighbour.Tell("undisturbed", ActorRefs.NoSender);
        await ExpectAsync("undisturbed");
    }

    [Fact]
    public async Task An_actor_that_once_started_throws_in_every_hook_ends_and_harms_no_neighbour()
    {
        var attempts = new Attempts(0);
        var parent = StartPuppet(new OneForOneStrategy(3, TimeSpan.FromHours(1), _ => Directive.Restart));
        var neighbour = await StartChildAsync(parent);
        var child = await StartChildAsync(parent, Recipe.Of(() => new Fragile(Probe.Ref, Fragile.Everywhere, attempts)));
        await SettledAsync(child);
        attempts.Left = int.MaxValue;

        child.Tell(new Crash(Failure()), ActorRefs.NoSender);

        await Probe.ExpectTerminatedAsync(child);
        neighbour.Tell("undisturbed", ActorRefs.NoSender);
        await ExpectAsync("undisturbed");
    }

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }

    /// <summary>How often a hook is still to throw; outlives the instances.</summary>
    private sealed class Attempts(int left)
    {
        private int _left = left;

        public int Left
        {
            get => Volatile.Read(ref _left);
            set => Volatile.Write(ref _left, value);
        }

        public void Throw()
        {
            if (Left > 0)
            {
                Left--;
                throw Failure();
            }
        }
    }

    private sealed class Fragile : UntypedActor
    {
        public const string Everywhere = "everywhere";

        private readonly IActorRef _probe;
        private readonly string _hook;
        private readonly Attempts _attempts;

        public Fragile(IActorRef probe, string hook, int failures)
            : this(probe, hook, new Attempts(failures))
        {
        }

        public Fragile(IActorRef probe, string hook, Attempts attempts)
        {
            (_probe, _hook, _attempts) = (probe, hook, attempts);
            At("constructor");
        }

        protected override void OnReceive(object message)
        {
            if (message is Crash crash)
            {
                throw crash.Cause;
            }

            _probe.Tell(message, Self);
        }

        protected override void PreStart() => At("PreStart");

        protected override void PostStop() => At("PostStop");

        protected override void PreRestart(Exception reason, object? message) => At("PreRestart");

        protected override void PostRestart(Exception reason) => At("PostRestart");

        private void At(string hook)
        {
            if (_hook == hook || _hook == Everywhere)
            {
                _attempts.Throw();
            }
        }
    }

    private sealed class HasChildThenThrows : UntypedActor
    {
        public HasChildThenThrows(IActorRef probe)
        {
            probe.Tell(Context.ActorOf(Puppet.Props(probe, null)), Self);
            throw Failure();
        }

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class AlwaysThrows : UntypedActor
    {
        protected override void OnReceive(object message) => throw Failure("OnReceive");

        protected override void PreStart() => throw Failure("PreStart");

        protected override void PostStop() => throw Failure("PostStop");

        protected override void PreRestart(Exception reason, object? message) => throw Failure("PreRestart");

        protected override void PostRestart(Exception reason) => throw Failure("PostRestart");

        protected override SupervisorStrategy SupervisorStrategy() => throw Failure("SupervisorStrategy");
    }
}
