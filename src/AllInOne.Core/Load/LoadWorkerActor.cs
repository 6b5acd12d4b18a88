using Akka.Event;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Load;

/// <summary>
/// <c>/user/load/w00000001</c> and so on: does a small job at each turn, some arithmetic over its own state. When it stops it says so to
/// <c>/user/load</c>; that costs an idle worker nothing, where a death watch of each would.
/// </summary>
internal sealed class LoadWorkerActor(StripedCounter successes) : TreeActor
{
    /// <summary>Steps of one job: about a microsecond.</summary>
    private const int Steps = 256;

    private ulong _state = 1;

    /// <summary>
    /// Do your job. One object for each worker, told again and again; it also keeps whether it has been taken, so that a worker
    /// behind with its work gets no second one. An exception to immutable messages, for a hundred thousand of them a second.
    /// </summary>
    public sealed class Turn
    {
        private volatile bool _given;

        /// <summary>Marks it as given; false when it has not been taken since the last time. Only <c>/user/load</c> gives.</summary>
        public bool TryGive() => !_given && (_given = true);

        public void Taken() => _given = false;
    }

    /// <summary>The worker of this name has stopped. Ordinary when all of them stop.</summary>
    public sealed record Stopped(string Name) : IDeadLetterSuppression;

    protected override void OnReceive(object message)
    {
        if (message is not Turn turn)
        {
            Unhandled(message);
            return;
        }

        // First: a worker that crashes in its turn gets others.
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
