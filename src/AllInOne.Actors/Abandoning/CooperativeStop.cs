using Akka.Actor;

namespace AllInOne.Actors;

/// <summary>How long work inside an actor learns that it is to end.</summary>
public static class CooperativeStop
{
    extension(IActorContext context)
    {
        /// <summary>
        /// Cancelled as soon as the actor is told to stop or to restart, while its message is still in hand. Code that looks at it ends in
        /// good order; code that does not is abandoned after <c>fair-scheduler.abandon-after</c>. Never cancelled on another dispatcher.
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
                var token = details.StoppingToken();
                if (Abandonment.IsEndAsked(mailbox))
                {
                    details.CancelStoppingToken();
                }

                return token;
            }
        }
    }
}
