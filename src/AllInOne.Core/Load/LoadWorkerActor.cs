using Akka.Event;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Load;

/// <summary>
/// <c>/user/load/w00000001</c> and so on: does a small job at each turn, some arithmetic over its own state. When it stops, it reports this to
/// <c>/user/load</c>. This costs an idle worker nothing, while a death watch for each worker would.
/// </summary>
internal sealed class LoadWorkerActor(StripedCounter successes) : TreeActor
{
    /// <summary>The number of steps of one job, which takes about a microsecond.</summary>
    private const int Steps = 256;

    private ulong _state = 1;

    /// <summary>
    /// Do your job. There is one object for each worker, which is sent again and again. It also knows whether it was handled, so that a worker that
    /// is late gets no second turn. It is an exception to the rule of immutable messages, because there are a hundred thousand of them a second.
    /// </summary>
    public sealed class Turn
    {
        private volatile bool _given;

        /// <summary>Marks the turn as given. Returns false if it was not handled since it was given last. Only <c>/user/load</c> calls it.</summary>
        public bool TryGive() => !_given && (_given = true);

        public void Taken() => _given = false;
    }

    /// <summary>The worker with this name has stopped. As a dead letter it is not logged, because this is normal when all of them stop.</summary>
    public sealed record Stopped(string Name) : IDeadLetterSuppression;

    protected override void OnReceive(object message)
    {
        if (message is not Turn turn)
        {
            Unhandled(message);
            return;
        }

        // Mark it first, so that a worker that crashes in its turn gets further turns.
        turn.Taken();
        for (var step = 0; step < Steps; step++)
        {
            // Knuth's linear congruential generator.
            _state = unchecked((_state * 6364136223846793005) + 1442695040888963407);
        }

        successes.Increment();
    }

    protected override void PostStop() => Context.Parent.Tell(new Stopped(Self.Path.Name), Self);
}
