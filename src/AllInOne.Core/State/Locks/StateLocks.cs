using System.Security.Cryptography;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Locks;

/// <summary>
/// Locks under keys, beside the values there: a lock guards whatever its users agree on. It is a lease: it ends by itself, so that a holder
/// that dies does not block the others for ever. Granted to one caller at a time, in the order of the requests; decided by the key's shard, and answered after
/// a commit that survives a loss of power. Owned by the program, used from any thread; failures are those of <see cref="StateStore"/>.
/// </summary>
public sealed class StateLocks
{
    private readonly StateStore _store;

    internal StateLocks(StateStore store) => _store = store;

    /// <summary>Who holds it; null when it is free.</summary>
    /// <exception cref="UnavailableException">The state is not there.</exception>
    public StateLock? Find(StateKey key)
    {
        return _store.Peek(key, NameOf(key)) is { } item ? StateLock.Of(item) : null;
    }

    /// <summary>Takes the lock.</summary>
    /// <param name="ttl">How long it is held without being renewed.</param>
    /// <param name="wait">How long to wait for it; zero: not at all.</param>
    /// <param name="cancel">Waits no longer.</param>
    /// <returns>Null when it is another's.</returns>
    /// <exception cref="FullException">The lock is free, but there is no memory for it.</exception>
    /// <exception cref="UnavailableException">Too many wait, the state is not there, or it is not known to be stored in time.</exception>
    public Task<StateLock?> AcquireAsync(StateKey key, TimeSpan ttl, TimeSpan wait, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return _store.SendAsync(_store.ShardOf(key), new AcquireLock(NameOf(key), token, ttl, waits: wait > TimeSpan.Zero), wait, cancel);
    }

    /// <summary>Lets it last for so long from now.</summary>
    /// <returns>Null when it is not held with this token, or no longer.</returns>
    /// <exception cref="UnavailableException">As for taking it.</exception>
    public async Task<StateLock?> RenewAsync(StateKey key, string token, TimeSpan ttl)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        return await _store.SendAsync(_store.ShardOf(key), new RenewLock(NameOf(key), token, ttl)).ConfigureAwait(false);
    }

    /// <summary>Gives it back; the next one that waits has it.</summary>
    /// <returns>False when it is not held with this token, or no longer.</returns>
    /// <exception cref="UnavailableException">Too much waits, or the state is not there.</exception>
    public async Task<bool> ReleaseAsync(StateKey key, string token)
    {
        return await _store.SendAsync(_store.ShardOf(key), new ReleaseLock(NameOf(key), token)).ConfigureAwait(false);
    }

    private static string NameOf(StateKey key) => StateStore.LockPrefix + key.Value;
}
