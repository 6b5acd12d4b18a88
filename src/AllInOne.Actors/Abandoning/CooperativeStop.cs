using Akka.Actor;

namespace AllInOne.Actors;

/// <summary>A token by which a long handler of an actor sees that the actor must stop or restart.</summary>
public static class CooperativeStop
{
    extension(IActorContext context)
    {
        /// <summary>
        /// Cancelled as soon as the actor receives a stop or a restart, although it still handles a message. Code that observes the token can
        /// return in time. Otherwise the actor is abandoned after <c>fair-scheduler.abandon-after</c>. On another dispatcher the token is
        /// never cancelled.
        /// </summary>
        public CancellationToken Stopping
        {
            get
            {
                if (context is not ActorCell { Mailbox: { } mailbox } cell || FairDispatcher.QueueOf(cell) is not { } queue)
                {
                    return CancellationToken.None;
                }

                var details = queue.EnsureDetails();
                var incarnation = details.Incarnation;
                var token = details.StoppingToken();
                if (Worker.Current is { } worker && worker.Queue == queue
                    && (Abandonment.IsStopping(worker, mailbox) || Abandonment.IsEndAhead(worker, mailbox)))
                {
                    details.CancelStoppingToken(incarnation);
                }

                return token;
            }
        }
    }
}
