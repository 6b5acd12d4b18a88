using Akka.Actor;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Running;

/// <summary>Which run gets a place, and what waits for one: within its job, and among all.</summary>
internal sealed partial class RunsActor
{
    private void Admit(PendingRun run)
    {
        if (_pending.Count >= _options.MaxPending && run is { Item: null, IsNoted: false })
        {
            LogTooMany(run.State.Job?.Id);
            LeaveOut(run);
            return;
        }

        Take(run);
    }

    /// <summary>From now on it is one of the runs of its job.</summary>
    private void Take(PendingRun run)
    {
        if (run.Item is null)
        {
            run.State.Active++;
        }
        else
        {
            run.State.ActiveItems++;
        }

        Line(run);
    }

    /// <summary>It has its place among the runs of its job, and waits for one among all.</summary>
    private void Line(PendingRun run)
    {
        _pending.Enqueue(run);
        run.State.Counters.AddWaiting(1);
    }

    private void PumpItems(JobState state)
    {
        while (state.HasReadyItem(Share))
        {
            var item = state.Ready.Dequeue();
            Admit(new PendingRun(state, RunCause.Queue, null, null, item.Attempt, 0, item));
        }
    }

    private void Pump()
    {
        while (_busy < _options.MaxConcurrent && _pending.TryDequeue(out var run))
        {
            run.State.Counters.AddWaiting(-1);
            if (run.State.Job is { } job)
            {
                _busy++;
                Begin(job.Id, run);
            }
            else
            {
                if (run.Item is { } item)
                {
                    _store.Dropped(run.State, item);
                }

                run.Asked?.TrySetResult(new RunNowResult.NoJob());
                Leave(run);
            }
        }
    }

    private void Begin(string job, PendingRun pending)
    {
        var now = EventTime.Now(_clock);
        var run = new Run(
            _ids.Next(now), job, pending.Cause, null, pending.PlannedFor, now, null, pending.Attempt,
            System.Diagnostics.ActivityTraceId.CreateRandom().ToHexString(), pending.Item?.Id, null, null, null);
        var self = Self;
        _store.WriteBeyond(new BeginRun(
            run, pending.Retried, pending.DoneWith, pending.IsNoted, refused => self.Tell(new Begun(run, pending, refused), ActorRefs.NoSender)));
    }

    private void OnBegun(Begun begun)
    {
        var (run, pending) = (begun.Run, begun.Pending);
        if (begun.Refused is { } reason)
        {
            LogNotBegun(run.Job, reason);
            _busy--;
            if (pending.Asked is { } asked)
            {
                asked.TrySetException(new UnavailableException(reason));
                Leave(pending);
            }
            else
            {
                // It is owed, and keeps its place.
                Later(_store.Steady.Now + RefusedPause, new Postponed(pending.State, pending, null) { HasPlace = true });
            }

            Pump();
            return;
        }

        if (pending.DoneWith is not null)
        {
            pending.State.Owing--;
            PassOver(pending.State, null);
        }

        if (pending.State.Job is not { } job)
        {
            _busy--;
            Finish(run, pending.State, pending.Item, new RunResult(RunOutcome.Cancelled, "The job was deleted."));
            pending.Asked?.TrySetResult(new RunNowResult.NoJob());
            Leave(pending);
            Pump();
            return;
        }

        var (task, act, options, clock) = (new RunTask(run, job, pending.Item?.Parameters ?? default, new RunOutput(_options.MaxOutputBytes)), _act, _options, _clock);
        var child = Context.ActorOf(Props.Create(() => new RunActor(task, act, options, clock)), string.Create(null, $"{run.Job}-{run.Id}"));
        Context.Watch(child);
        _children[child] = new Underway(run, pending);
        _byRun[run.Id] = child;
        _outputs[run.Id] = task.Output;
        _store.Begun(pending.State, run, _clock.GetUtcNow());
        pending.Asked?.TrySetResult(new RunNowResult.Begun(run));
    }

    private void OnEnded(IActorRef child, RunResult result)
    {
        if (!_children.Remove(child, out var underway))
        {
            return;
        }

        Context.Unwatch(child);
        _byRun.Remove(underway.Run.Id);
        _outputs.Remove(underway.Run.Id, out var output);
        _busy--;
        underway.Pending.State.Counters.AddRunning(-1);
        Finish(
            underway.Run with { Output = output?.Text() }, underway.Pending.State, underway.Pending.Item, result);
        Leave(underway.Pending);
        Pump();
    }

    /// <summary>Its place is free for whatever waits of the same job.</summary>
    private void Leave(PendingRun run)
    {
        var state = run.State;
        if (run.Item is not null)
        {
            state.ActiveItems--;
        }
        else
        {
            state.Active--;
        }

        while (state.MayAdmit(Share) && state.Waiting.TryDequeue(out var next))
        {
            state.Counters.AddWaiting(-1);
            Take(next);
        }

        PumpItems(state);
    }
}
