using System.Collections.Concurrent;
using Akka.Actor;
using AllInOne.Core.Inspection;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests.Supervision;

public sealed class PartSupervisorTests : IAsyncDisposable
{
    private readonly ActorSystem _system = TestSystem.Create("part-tests");
    private readonly Readiness _readiness = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Data _data = new();
    private readonly ActorAddress _address = new("The first child", 10);
    private readonly ActorRuntime _runtime;

    public PartSupervisorTests()
    {
        DeadLetterRefusal.Start(_system);
        _runtime = new ActorRuntime(_system);
    }

    public ValueTask DisposeAsync() => new(_system.Terminate());

    [Fact]
    public async Task The_children_start_when_the_data_is_restored_and_the_part_is_ready()
    {
        Start();
        await Until.TrueAsync(() => _readiness.Reasons.GetValueOrDefault("part") == "1 of 2");
        Assert.Null(_runtime.Find("/user/part/first"));

        _data.Restored.SetResult();
        await _readiness.WhenReady("part").WaitAsync(Until.Limit);
        Assert.Equal(["first", "second"], _runtime.Children("/user/part", null, 10).Select(child => child.Path.Split('/')[^1]));
        Assert.True(_data.IsOpen);
    }

    [Fact]
    public async Task A_restore_that_fails_is_tried_again()
    {
        Start();
        await Until.TrueAsync(() => _data.Attempts == 1);
        _data.Fail(new InvalidOperationException("The file is locked."));
        await Until.TrueAsync(() => _data.Attempts == 2);

        _data.Restored.SetResult();
        await _readiness.WhenReady("part").WaitAsync(Until.Limit);
    }

    [Fact]
    public async Task A_child_that_stops_is_started_again_and_gets_the_messages_that_came_during_its_absence()
    {
        await StartedAsync();
        _address.Tell("stop");
        await Until.TrueAsync(() => _log.Count(line => line == "first starts") == 2);

        Assert.Equal("here", await _address.AskAsync("where", Until.Limit, CancellationToken.None));
    }

    [Fact]
    public async Task An_administrative_stop_of_a_child_is_a_restart_that_keeps_the_mailbox()
    {
        await StartedAsync();
        var gate = new TaskCompletionSource();
        _address.Tell(gate);
        var answer = _address.AskAsync("where", Until.Limit, CancellationToken.None);
        Assert.True(_runtime.Stop("/user/part/first"));
        gate.SetResult();

        Assert.Equal("here", await answer);
        Assert.DoesNotContain("first stops", _log);
    }

    [Fact]
    public async Task A_restart_of_the_part_keeps_its_children()
    {
        await StartedAsync();
        Assert.True(_runtime.Restart("/user/part"));
        await Until.TrueAsync(() => _runtime.Find("/user/part")?.Restarts == 1);

        Assert.Equal("here", await _address.AskAsync("where", Until.Limit, CancellationToken.None));
        Assert.DoesNotContain("first stops", _log);
        Assert.Equal(1, _data.Attempts);
    }

    [Fact]
    public async Task A_message_on_which_a_child_fails_is_refused()
    {
        await StartedAsync();
        var refused = await Assert.ThrowsAsync<UnavailableException>(() => _address.AskAsync(new Poison(), Until.Limit, CancellationToken.None));

        Assert.Equal("/user/part/first failed: This message is wrong.", refused.Message);
        Assert.Equal("here", await _address.AskAsync("where", Until.Limit, CancellationToken.None));
    }

    [Fact]
    public async Task A_drained_part_stops_when_its_children_have_ended_even_if_it_restarts_meanwhile()
    {
        var part = await StartedAsync(drain: "end");
        var gate = new TaskCompletionSource();
        _address.Tell(gate);
        var stopped = part.Actor.GracefulStop(Until.Limit, part.Spec.Stop);
        await Until.TrueAsync(() => _log.Contains("second stops"));
        Assert.True(_runtime.Restart("/user/part"));
        await Until.TrueAsync(() => _runtime.Find("/user/part")?.Restarts == 1);
        gate.SetResult();

        Assert.True(await stopped);
        Assert.Equal(1, _log.Count(line => line == "second starts"));
        Assert.False(_data.IsOpen);
    }

    private async Task<(IActorRef Actor, ChildSpec Spec)> StartedAsync(object? drain = null)
    {
        _data.Restored.SetResult();
        var part = Start(drain);
        await _readiness.WhenReady("part").WaitAsync(Until.Limit);
        return part;
    }

    private (IActorRef Actor, ChildSpec Spec) Start(object? drain = null)
    {
        var log = _log;
        var spec = new PartSpec("part")
        {
            Children = () =>
            [
                new ChildSpec("first", Props.Create(() => new Child(log))) { Address = _address, ReportsReady = true },
                new ChildSpec("second", Props.Create(() => new Child(log))),
            ],
            Restarts = new SupervisionOptions { MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(1) },
            Restores = _data,
            Drain = drain,
        }.ToChild(_readiness, NullLoggerFactory.Instance);
        return (_system.ActorOf(spec.Props, spec.Name), spec);
    }

    private sealed record Poison : IRefusable;

    private sealed class Child(ConcurrentQueue<string> log) : TreeActor
    {
        protected override void PreStart()
        {
            log.Enqueue($"{Self.Path.Name} starts");
            Context.Parent.Tell(PartSupervisor.ChildReady.Instance);
        }

        protected override void PostStop() => log.Enqueue($"{Self.Path.Name} stops");

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "where":
                    Sender.Tell("here");
                    break;
                case "stop" or "end":
                    Context.Stop(Self);
                    break;
                case TaskCompletionSource gate:
                    gate.Task.Wait(Until.Limit);
                    break;
                case Poison:
                    throw new InvalidOperationException("This message is wrong.");
            }
        }
    }

    private sealed class Data : IRestorable
    {
        private volatile int _attempts;

        public TaskCompletionSource Restored { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Attempts => _attempts;

        public bool IsOpen { get; private set; }

        public bool IsRestored { get; private set; }

        public string Progress => "1 of 2";

        public void Fail(Exception reason)
        {
            var failing = Restored;
            Restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
            failing.SetException(reason);
        }

        public async Task RestoreAsync()
        {
            var restored = Restored.Task;
            Interlocked.Increment(ref _attempts);
            await restored;
            IsRestored = true;
        }

        public void Open() => IsOpen = true;

        public void Close() => IsOpen = false;
    }
}
