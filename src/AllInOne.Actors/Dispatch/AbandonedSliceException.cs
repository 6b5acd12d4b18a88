namespace AllInOne.Actors;

/// <summary>Leads a thread out of an actor that has been given up on while the thread was in its code.</summary>
#pragma warning disable CA1064 // Never leaves the runtime.
internal sealed class AbandonedSliceException : Exception
#pragma warning restore CA1064
{
    public static readonly AbandonedSliceException Instance = new();
}
