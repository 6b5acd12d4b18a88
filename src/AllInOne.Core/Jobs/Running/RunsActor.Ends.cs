using Akka.Actor;
using AllInOne.Core.Jobs.Actions;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Jobs.Running;

/// <summary>The part of the actor that completes runs, retries them, and restores the state at its start.</summary>
internal sealed partial class RunsActor
{
    /// <summary>The minimum number of attempts of an item whose runs are lost: the item was acknowledged, so the retry policy for failures does not apply.</summary>
    private const int LostAttempts = 5;

    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(1);

    /// <summary>Ordered by due time on the steady clock, which the due times in the file use too.</summary>
    private readonly PriorityQueue<Postponed, DateTimeOffset> _postponed = new();
    private readonly Dictionary<long, RunOutput> _outputs = [];
    private int _dropped;
    private ITimer? _alarm;
    private DateTimeOffset _alarmAt = DateTimeOffset.MaxValue;

    /// <summary>A retry or an item that is not due yet, or a run whose record could not be stored and that starts a little later.</summary>
    private sealed record Postponed(JobState State, PendingRun? Run, QueueItem? Item)
    {
        /// <summary>Whether it counts among the runs of its job already.</summary>
        public bool HasPlace { get; init; }
    }

    private sealed record Alarm
    {
        public static Alarm Instance { get; } = new();
    }

    /// <summary>Stores the result of a run, and schedules the retry if there is one.</summary>
    private void Finish(Run run, JobState? state, QueueItem? item, RunResult result)
    {
        var now = EventTime.Now(_clock);
        var retry = state?.Job?.Definition.Retry ?? RetryPolicy.None;
        var isGood = result.Outcome == RunOutcome.Succeeded;
        var attempts = result.Outcome switch
        {
            RunOutcome.Succeeded => 0,
            RunOutcome.Cancelled => item is null ? 0 : 1,
            RunOutcome.Lost when item is not null => Math.Max(retry.Attempts, LostAttempts),
            _ => retry.Attempts,
        };
        // The number of pending retries is limited, too.
        var mayRetry = item is not null || state?.Retries < _options.MaxWaiting;
        var again = state?.Job is not null && run.Attempt < attempts && mayRetry ? _store.Steady.Now + retry.DelayAfter(run.Attempt, _chance.NextDouble()) : (DateTimeOffset?)null;
        var ended = run with { Outcome = result.Outcome, Ended = now, Error = result.Error, Retry = item is null ? again : null };
        var kept = isGood || state?.Job is null ? null : item is null ? null : again is { } due
            ? item with { Attempt = run.Attempt + 1, Due = due, Error = result.Error }
            : item with { Attempt = run.Attempt, Error = result.Error, IsDead = true };
        _store.WriteBeyond(new EndRun(ended, kept));
        if (state is not null)
        {
            _store.RunEnded(state, ended, item, kept);
            if (kept is { IsDead: false })
            {
                Postpone(kept.Due, new Postponed(state, null, kept));
            }
            else if (again is { } time && item is null)
            {
                Postpone(time, new Postponed(state, Retry(state, ended), null));
            }
        }
        else if (item is not null)
        {
            _store.ItemRemoved(null, item);
        }

        if (!isGood)
        {
            LogBad(ended.Job, ended.Id, ended.Outcome!.Value, ended.Error, ended.Attempt, again is { } at ? $"it is tried again at {_store.Steady.ToWall(at):O}" : "it is not tried again");
        }
    }

    private static PendingRun Retry(JobState state, Run run) => new(state, RunCause.Retry, run.PlannedFor, null, run.Attempt + 1, run.Id, null);

    private void OnQueued(Queued queued)
    {
        var now = _store.Steady.Now;
        foreach (var item in queued.Items)
        {
            if (_states.TryGetValue(item.Job, out var state))
            {
                Place(state, item, now);
            }
            else
            {
                _store.ItemRemoved(null, item);
            }
        }

        Pump();
    }

    private void Place(JobState state, QueueItem item, DateTimeOffset now)
    {
        if (item.Due > now)
        {
            Postpone(item.Due, new Postponed(state, null, item));
            return;
        }

        state.Ready.Enqueue(item);
        PumpItems(state);
    }

    private void OnAlarm()
    {
        _alarmAt = DateTimeOffset.MaxValue;
        var now = _store.Steady.Now;
        while (_postponed.TryPeek(out var next, out var due) && due <= now)
        {
            _postponed.Dequeue();
            OnDue(next);
        }

        SetAlarm();
        Pump();
    }

    private void OnDue(Postponed next)
    {
        var state = next.State;
        if (next.HasPlace)
        {
            EnqueuePending(next.Run!);
        }
        else if (state.Job is not { } job)
        {
            _dropped--;
        }
        else if (next.Item is { } item)
        {
            state.PostponedItems = (state.PostponedItems.Count - 1, state.PostponedItems.Bytes - item.Parameters.Length);
            state.Ready.Enqueue(item);
            PumpItems(state);
        }
        else if (job.IsActive)
        {
            RunRetry(next.Run!);
        }
        else
        {
            state.HeldRetries.Add(next.Run!);
        }
    }

    private void RunRetry(PendingRun retry)
    {
        retry.State.Retries--;
        Request(retry);
    }

    private void Postpone(DateTimeOffset due, Postponed what)
    {
        var state = what.State;
        if (what.Item is { } item)
        {
            state.PostponedItems = (state.PostponedItems.Count + 1, state.PostponedItems.Bytes + item.Parameters.Length);
        }
        else if (!what.HasPlace)
        {
            state.Retries++;
        }

        _postponed.Enqueue(what, due);
        SetAlarm();
    }

    /// <summary>Drops the postponed work of a deleted job. The queue is cleaned only when dropped entries are at least half of it.</summary>
    private void DropPostponed(JobState state)
    {
        _store.ItemRemoved(state, state.PostponedItems.Count, state.PostponedItems.Bytes);
        _dropped += state.PostponedItems.Count + state.Retries - state.HeldRetries.Count;
        state.HeldRetries.Clear();
        if (_dropped < 1000 || _dropped < _postponed.Count / 2)
        {
            return;
        }

        var kept = _postponed.UnorderedItems.Where(one => one.Element.HasPlace || one.Element.State.Job is not null).ToList();
        _postponed.Clear();
        _postponed.EnqueueRange(kept);
        _dropped = 0;
    }

    private void SetAlarm()
    {
        if (!_postponed.TryPeek(out _, out var due) || due >= _alarmAt)
        {
            return;
        }

        _alarmAt = due;
        var self = Self;
        var after = due - _store.Steady.Now;
        // A timer takes at most 49 days: so a longer delay is set again when the timer fires.
        after = after < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : after > TimeSpan.FromDays(30) ? TimeSpan.FromDays(30) : after;
        _alarm?.Dispose();
        _alarm = _clock.CreateTimer(_ => self.Tell(Alarm.Instance, ActorRefs.NoSender), null, after, Timeout.InfiniteTimeSpan);
    }

    private void OnRecovered(Recovered recovered)
    {
        var found = recovered.Found ?? throw new UnavailableException($"The unfinished work of the jobs cannot be read: {recovered.Refused}");
        _ids.Saw(found.LastRun);
        var progress = found.Jobs.ToDictionary(one => one.Job, StringComparer.Ordinal);
        foreach (var job in _store.All)
        {
            _states[job.Id] = new JobState(job, progress.TryGetValue(job.Id, out var one) ? one.Planned : job.Updated, _store.CountersOf(job.Id));
            if (job.Problem is { } problem)
            {
                LogProblem(job.Id, problem);
            }
        }

        Become(Working);
        var open = found.Open.Select(run => run.Item).OfType<long>().ToHashSet();
        var now = _store.Steady.Now;
        var lost = new Dictionary<long, QueueItem>();
        foreach (var item in found.Items)
        {
            if (open.Contains(item.Id))
            {
                lost[item.Id] = item;
            }
            else if (_states.TryGetValue(item.Job, out var state))
            {
                Place(state, item, now);
            }
            else
            {
                _store.ItemRemoved(null, item);
            }
        }

        if (_options.Commands.Enabled && ProcessGroup.KillLeft([.. found.Open.Select(run => run.Id)]) is var killed and > 0)
        {
            LogKilled(killed);
        }

        foreach (var run in found.Open)
        {
            var item = run.Item is { } id && lost.Remove(id, out var one) ? one : null;
            Finish(
                // EndRun without an item would delete the row of run.Item.
                item is null ? run with { Item = null } : run, _states.GetValueOrDefault(run.Job), item,
                new RunResult(RunOutcome.Lost, "The server, or the actor of its jobs, stopped before the run completed."));
        }

        foreach (var run in found.Retries.Where(run => _states.ContainsKey(run.Job)))
        {
            var state = _states[run.Job];
            Postpone(run.Retry!.Value, new Postponed(state, Retry(state, run), null));
        }

        OnCheckAllJobs();
        foreach (var (job, _, asked) in found.Jobs.Where(one => one.Asked > 0 && _states.ContainsKey(one.Job)))
        {
            for (var n = 0; n < asked; n++)
            {
                Request(new PendingRun(_states[job], RunCause.Manual, null, null, 1, 0, null, IsStored: true));
            }
        }

        Pump();
        Stash.UnstashAll();
        Context.Parent.Tell(JobsSupervisor.PartReady.Instance);
        LogRecovered(found.Open.Count, found.Items.Count);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run} of {Job}, attempt {Attempt}, has ended as {Outcome}: {Error}; {Again}")]
    private partial void LogBad(string job, long run, RunOutcome outcome, string? error, int attempt, string again);

    [LoggerMessage(Level = LogLevel.Error, Message = "The job {Job} has a problem and does not run until it is put again: {Problem}")]
    private partial void LogProblem(string job, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} processes of lost runs were still running and are killed")]
    private partial void LogKilled(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Jobs are restored: {Lost} runs were lost, {Items} items wait")]
    private partial void LogRecovered(int lost, int items);
}
