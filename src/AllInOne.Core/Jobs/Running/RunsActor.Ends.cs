using Akka.Actor;
using AllInOne.Core.Jobs.Actions;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Jobs.Running;

/// <summary>How runs end, what is tried again, and how this actor finds back after its own start.</summary>
internal sealed partial class RunsActor
{
    /// <summary>An item whose run was lost is tried so often at least: it was acknowledged, whatever the policy says of failures.</summary>
    private const int LostAttempts = 5;

    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(1);

    /// <summary>By the steady clock, like the due times of items and retries in the file.</summary>
    private readonly PriorityQueue<Postponed, DateTimeOffset> _later = new();
    private readonly Dictionary<long, RunOutput> _outputs = [];
    private int _forgotten;
    private ITimer? _alarm;
    private DateTimeOffset _alarmAt = DateTimeOffset.MaxValue;

    /// <summary>A retry or an item whose time is still to come; or a run that could not be stored, and begins a little later.</summary>
    private sealed record Postponed(JobState State, PendingRun? Run, QueueItem? Item)
    {
        /// <summary>It counts as a run of its job already.</summary>
        public bool HasPlace { get; init; }
    }

    private sealed record Alarm
    {
        public static Alarm Instance { get; } = new();
    }

    /// <summary>Stores how it ended, and sees to it that it is tried again where it is to be.</summary>
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
        // Of what waits to be tried again there is a bound, too.
        var mayRetry = item is not null || state?.Retries < _options.MaxWaiting;
        var again = state?.Job is not null && run.Attempt < attempts && mayRetry ? _store.Steady.Now + retry.DelayAfter(run.Attempt, _chance.NextDouble()) : (DateTimeOffset?)null;
        var ended = run with { Outcome = result.Outcome, Ended = now, Error = result.Error, Retry = item is null ? again : null };
        var kept = isGood || state?.Job is null ? null : item is null ? null : again is { } due
            ? item with { Attempt = run.Attempt + 1, Due = due, Error = result.Error }
            : item with { Attempt = run.Attempt, Error = result.Error, IsDead = true };
        _store.WriteBeyond(new EndRun(ended, kept));
        if (state is not null)
        {
            _store.Ended(state, ended, item, kept);
            if (kept is { IsDead: false })
            {
                Later(kept.Due, new Postponed(state, null, kept));
            }
            else if (again is { } time && item is null)
            {
                Later(time, new Postponed(state, Retry(state, ended), null));
            }
        }
        else if (item is not null)
        {
            _store.Dropped(null, item);
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
                _store.Dropped(null, item);
            }
        }

        Pump();
    }

    private void Place(JobState state, QueueItem item, DateTimeOffset now)
    {
        if (item.Due > now)
        {
            Later(item.Due, new Postponed(state, null, item));
            return;
        }

        state.Ready.Enqueue(item);
        PumpItems(state);
    }

    private void OnAlarm()
    {
        _alarmAt = DateTimeOffset.MaxValue;
        var now = _store.Steady.Now;
        while (_later.TryPeek(out var next, out var due) && due <= now)
        {
            _later.Dequeue();
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
            Line(next.Run!);
        }
        else if (state.Job is not { } job)
        {
            _forgotten--;
        }
        else if (next.Item is { } item)
        {
            state.Later = (state.Later.Count - 1, state.Later.Bytes - item.Parameters.Length);
            state.Ready.Enqueue(item);
            PumpItems(state);
        }
        else if (job.IsActive)
        {
            Again(next.Run!);
        }
        else
        {
            state.Held.Add(next.Run!);
        }
    }

    private void Again(PendingRun retry)
    {
        retry.State.Retries--;
        Request(retry);
    }

    private void Later(DateTimeOffset due, Postponed what)
    {
        var state = what.State;
        if (what.Item is { } item)
        {
            state.Later = (state.Later.Count + 1, state.Later.Bytes + item.Parameters.Length);
        }
        else if (!what.HasPlace)
        {
            state.Retries++;
        }

        _later.Enqueue(what, due);
        SetAlarm();
    }

    /// <summary>The job is gone: what it has postponed counts no more, and is thrown out once that is a good part of all.</summary>
    private void Forget(JobState state)
    {
        _store.Dropped(state, state.Later.Count, state.Later.Bytes);
        _forgotten += state.Later.Count + state.Retries - state.Held.Count;
        state.Held.Clear();
        if (_forgotten < 1000 || _forgotten < _later.Count / 2)
        {
            return;
        }

        var kept = _later.UnorderedItems.Where(one => one.Element.HasPlace || one.Element.State.Job is not null).ToList();
        _later.Clear();
        _later.EnqueueRange(kept);
        _forgotten = 0;
    }

    private void SetAlarm()
    {
        if (!_later.TryPeek(out _, out var due) || due >= _alarmAt)
        {
            return;
        }

        _alarmAt = due;
        var self = Self;
        var after = due - _store.Steady.Now;
        // Timers take no more than 49 days: then it looks, and sets it anew.
        after = after < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : after > TimeSpan.FromDays(30) ? TimeSpan.FromDays(30) : after;
        _alarm?.Dispose();
        _alarm = _clock.CreateTimer(_ => self.Tell(Alarm.Instance, ActorRefs.NoSender), null, after, Timeout.InfiniteTimeSpan);
    }

    private void OnRecovered(Recovered recovered)
    {
        var found = recovered.Found ?? throw new UnavailableException($"What jobs have left undone cannot be read: {recovered.Refused}");
        _ids.Saw(found.LastRun);
        var owed = found.Jobs.ToDictionary(one => one.Job, StringComparer.Ordinal);
        foreach (var job in _store.All)
        {
            _states[job.Id] = new JobState(job, owed.TryGetValue(job.Id, out var one) ? one.Planned : job.Updated, _store.CountersOf(job.Id));
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
                _store.Dropped(null, item);
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
                // An end without its item would be the item's, too.
                item is null ? run with { Item = null } : run, _states.GetValueOrDefault(run.Job), item,
                new RunResult(RunOutcome.Lost, "The server, or what runs its jobs, ended before it did."));
        }

        foreach (var run in found.Retries.Where(run => _states.ContainsKey(run.Job)))
        {
            var state = _states[run.Job];
            Later(run.Retry!.Value, new Postponed(state, Retry(state, run), null));
        }

        OnLookAtAll();
        foreach (var (job, _, asked) in found.Jobs.Where(one => one.Asked > 0 && _states.ContainsKey(one.Job)))
        {
            for (var n = 0; n < asked; n++)
            {
                Request(new PendingRun(_states[job], RunCause.Manual, null, null, 1, 0, null, IsNoted: true));
            }
        }

        Pump();
        Stash.UnstashAll();
        Context.Parent.Tell(JobsSupervisor.PartReady.Instance);
        LogRecovered(found.Open.Count, found.Items.Count);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run} of {Job}, attempt {Attempt}, has ended as {Outcome}: {Error}; {Again}")]
    private partial void LogBad(string job, long run, RunOutcome outcome, string? error, int attempt, string again);

    [LoggerMessage(Level = LogLevel.Error, Message = "The job {Job} has a problem, and does nothing until it is put anew: {Problem}")]
    private partial void LogProblem(string job, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} processes of lost runs were still there, and are killed")]
    private partial void LogKilled(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Jobs are back: {Lost} runs were lost, {Items} items wait")]
    private partial void LogRecovered(int lost, int items);
}
