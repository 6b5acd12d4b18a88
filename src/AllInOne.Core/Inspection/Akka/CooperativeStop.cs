namespace AllInOne.Core.Inspection;

/// <summary>The same on Akka.NET, which tells nothing to an actor with a message in hand.</summary>
public static class CooperativeStop
{
    extension(IActorContext context)
    {
#pragma warning disable CA1822 // A member of the context, as on the other runtime.
        /// <summary>Never cancelled.</summary>
        public CancellationToken Stopping => CancellationToken.None;
#pragma warning restore CA1822
    }
}
