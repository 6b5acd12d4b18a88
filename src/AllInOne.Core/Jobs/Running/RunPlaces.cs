using Akka.Actor;

namespace AllInOne.Core.Jobs.Running;

/// <summary>
/// The places of runs: among the runs of their job, and among all runs. Runs that have a place in their job wait for a place among all runs, in
/// order.
/// </summary>
internal sealed class RunPlaces(JobsOptions options)
{
    private readonly Queue<PendingRun> _pending = new();
    private int _taken;

    /// <summary>The maximum number of runs of one job, so that a job that hangs leaves places for the others.</summary>
    public int Share => Math.Max(1, options.MaxConcurrent * 3 / 4);

    /// <summary>Whether no more runs may wait for a place among all runs.</summary>
    public bool IsFull => _pending.Count >= options.MaxPending;

    /// <summary>The callers whose runs wait.</summary>
    public IEnumerable<IActorRef> Callers => _pending.Select(run => run.Caller).OfType<IActorRef>();

    /// <summary>Gives the run a place in its job.</summary>
    public void Take(PendingRun run)
    {
        run.State.AddPlaces(run, 1);
        Wait(run);
    }

    /// <summary>Adds a run with a place in its job to the runs that wait.</summary>
    public void Wait(PendingRun run)
    {
        _pending.Enqueue(run);
        run.State.Counters.AddWaiting(1);
    }

    /// <summary>Takes the next waiting run if there is a place among all runs. The run has this place until <see cref="ReleaseGlobal"/>.</summary>
    public bool TryNext(out PendingRun run)
    {
        if (_taken >= options.MaxConcurrent || !_pending.TryDequeue(out run!))
        {
            run = null!;
            return false;
        }

        _taken++;
        run.State.Counters.AddWaiting(-1);
        return true;
    }

    /// <summary>Releases a place among all runs.</summary>
    public void ReleaseGlobal() => _taken--;

    /// <summary>Releases the place of a run in its job, and gives it to the next runs that wait for it.</summary>
    public void Release(PendingRun run)
    {
        var state = run.State;
        state.AddPlaces(run, -1);
        while (state.MayAdmit(Share) && state.Waiting.TryDequeue(out var next))
        {
            state.Counters.AddWaiting(-1);
            Take(next);
        }
    }
}
