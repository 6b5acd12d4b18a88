namespace AllInOne.Core.Inspection;

/// <summary>The same on Akka.NET, which tells nothing to an actor with a message in hand.</summary>
public static class CooperativeStop
{
    extension(IActorContext context)
    {
        /// <summary>Never cancelled.</summary>
        public CancellationToken Stopping => CancellationToken.None;
    }
}
