using Akka.Actor;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Running;

/// <summary>The part of the actor that admits runs: within the limits of their job, and within the limit of all runs.</summary>
internal sealed partial class RunsActor
{
    private void Admit(PendingRun run)
    {
        if (_pending.Count >= _options.MaxPending && run is { Item: null, IsStored: false })
        {
            LogTooMany(run.State.Job?.Id);
            Skip(run);
            return;
        }

        TakePlace(run);
    }

    /// <summary>Counts the run among the runs of its job.</summary>
    private void TakePlace(PendingRun run)
    {
        if (run.Item is null)
        {
            run.State.Active++;
        }
        else
        {
            run.State.ActiveItems++;
        }

        EnqueuePending(run);
    }

    /// <summary>Adds a run that its job has admitted to the runs that wait for a place among all runs.</summary>
    private void EnqueuePending(PendingRun run)
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
        while (_activeRuns < _options.MaxConcurrent && _pending.TryDequeue(out var run))
        {
            run.State.Counters.AddWaiting(-1);
            if (run.State.Job is { } job)
            {
                _activeRuns++;
                Begin(job.Id, run);
            }
            else
            {
                if (run.Item is { } item)
                {
                    _store.ItemRemoved(run.State, item);
                }

                run.Asked?.TrySetResult(new RunNowResult.NoJob());
                ReleasePlace(run);
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
            run, pending.Retried, pending.HandledUpTo, pending.IsStored, refused => self.Tell(new RecordStored(run, pending, refused), ActorRefs.NoSender)));
    }

    private void OnRecordStored(RecordStored stored)
    {
        var (run, pending) = (stored.Run, stored.Pending);
        if (stored.Refused is { } reason)
        {
            LogNotBegun(run.Job, reason);
            _activeRuns--;
            if (pending.Asked is { } asked)
            {
                asked.TrySetException(new UnavailableException(reason));
                ReleasePlace(pending);
            }
            else
            {
                // It must run, so it keeps its place.
                Postpone(_store.Steady.Now + RefusedPause, new Postponed(pending.State, pending, null) { HasPlace = true });
            }

            Pump();
            return;
        }

        if (pending.HandledUpTo is not null)
        {
            pending.State.PendingTimes--;
            StoreSkipped(pending.State, null);
        }

        if (pending.State.Job is not { } job)
        {
            _activeRuns--;
            Finish(run, pending.State, pending.Item, new RunResult(RunOutcome.Cancelled, "The job was deleted."));
            pending.Asked?.TrySetResult(new RunNowResult.NoJob());
            ReleasePlace(pending);
            Pump();
            return;
        }

        var (task, act, options, clock) = (new RunTask(run, job, pending.Item?.Parameters ?? default, new RunOutput(_options.MaxOutputBytes)), _act, _options, _clock);
        var child = Context.ActorOf(Props.Create(() => new RunActor(task, act, options, clock)), string.Create(null, $"{run.Job}-{run.Id}"));
        Context.Watch(child);
        _children[child] = new ActiveRun(run, pending);
        _byRun[run.Id] = child;
        _outputs[run.Id] = task.Output;
        _store.RunStarted(pending.State, run, _clock.GetUtcNow());
        pending.Asked?.TrySetResult(new RunNowResult.Begun(run));
    }

    private void OnEnded(IActorRef child, RunResult result)
    {
        if (!_children.Remove(child, out var active))
        {
            return;
        }

        Context.Unwatch(child);
        _byRun.Remove(active.Run.Id);
        _outputs.Remove(active.Run.Id, out var output);
        _activeRuns--;
        active.Pending.State.Counters.AddRunning(-1);
        Finish(
            active.Run with { Output = output?.Text() }, active.Pending.State, active.Pending.Item, result);
        ReleasePlace(active.Pending);
        Pump();
    }

    /// <summary>Releases the place of a run and admits the next waiting run of the same job.</summary>
    private void ReleasePlace(PendingRun run)
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
            TakePlace(next);
        }

        PumpItems(state);
    }
}
