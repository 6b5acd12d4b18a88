using System.Text.Json;

namespace AllInOne.Core.State.Locks;

/// <summary>A lock as its holder has it.</summary>
/// <param name="Token">Only who knows it may renew and release the lock.</param>
/// <param name="Fencing">
/// Greater for each that gets the lock after another, also over restarts: what the lock guards refuses a number below one that it has seen,
/// and so a holder that was away for too long.
/// </param>
/// <param name="Expires">When it is free again, unless it is renewed before.</param>
public sealed record StateLock(string Token, long Fencing, DateTimeOffset Expires)
{
    /// <summary>As it is kept.</summary>
    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(new Kept(Token, Fencing));

    internal static StateLock Of(StateItem item)
    {
        var kept = item.As<Kept>(JsonSerializerOptions.Default)!;
        return new StateLock(kept.Token, kept.Fencing, item.Expires!.Value);
    }

    private sealed record Kept(string Token, long Fencing);
}
