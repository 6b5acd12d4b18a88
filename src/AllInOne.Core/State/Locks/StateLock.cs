using System.Text.Json;

namespace AllInOne.Core.State.Locks;

/// <summary>A granted lock, as its holder gets it.</summary>
/// <param name="Token">The secret of the holder. Renewing and releasing need it.</param>
/// <param name="Fencing">
/// The fencing token. It grows from holder to holder, also over restarts. The guarded resource refuses a number below the highest one that it has
/// seen, and so refuses a holder whose lease has expired.
/// </param>
/// <param name="Expires">The time when the lease expires, unless it is renewed before.</param>
public sealed record StateLock(string Token, long Fencing, DateTimeOffset Expires)
{
    /// <summary>The lock as it is stored.</summary>
    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(new Kept(Token, Fencing));

    internal static StateLock Of(StateItem item)
    {
        var kept = item.As<Kept>(JsonSerializerOptions.Default)!;
        return new StateLock(kept.Token, kept.Fencing, item.Expires!.Value);
    }

    private sealed record Kept(string Token, long Fencing);
}
