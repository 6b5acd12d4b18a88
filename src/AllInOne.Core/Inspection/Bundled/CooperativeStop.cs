namespace AllInOne.Core.Inspection;

/// <summary>How long work inside an actor learns that it is to end.</summary>
public static class CooperativeStop
{
    extension(IActorContext context)
    {
        /// <summary>
        /// Cancelled as soon as the actor is told to stop or to restart, while its message is still in hand: code that looks at it
        /// ends in good order, code that does not is abandoned after a while.
        /// </summary>
        public CancellationToken Stopping => context.GetStoppingToken();
    }
}
