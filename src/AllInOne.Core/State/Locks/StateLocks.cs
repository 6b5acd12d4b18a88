using System.Security.Cryptography;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Locks;

/// <summary>
/// Locks under keys, stored beside the values of these keys. The users of a lock agree on what it guards. A lock is a lease: it expires by itself, so
/// that a holder that dies does not block others for ever. It is granted to one caller at a time, in the order of the requests. The shard of the key
/// decides, and answers after a commit that survives a loss of power. Owned by the program, thread-safe; failures are those of
/// <see cref="StateStore"/>.
/// </summary>
public sealed class StateLocks
{
    private readonly StateStore _store;

    internal StateLocks(StateStore store) => _store = store;

    /// <summary>The lock as its present holder has it; null if it is free.</summary>
    /// <exception cref="UnavailableException">The state is restoring or stopped.</exception>
    public StateLock? Find(StateKey key)
    {
        return _store.Peek(key, NameOf(key)) is { } item ? StateLock.Of(item) : null;
    }

    /// <summary>Takes the lock.</summary>
    /// <param name="ttl">How long the lease lasts unless it is renewed.</param>
    /// <param name="wait">How long to wait for the lock; zero: not at all.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>The lock; null if another holder has it.</returns>
    /// <exception cref="FullException">The lock is free, but no memory is left for it.</exception>
    /// <exception cref="UnavailableException">
    /// Too many callers wait, the state is restoring or stopped, or the commit was not confirmed in time.
    /// </exception>
    public Task<StateLock?> AcquireAsync(StateKey key, TimeSpan ttl, TimeSpan wait, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return _store.SendAsync(_store.ShardOf(key), new AcquireLock(NameOf(key), token, ttl, waits: wait > TimeSpan.Zero), wait, cancel);
    }

    /// <summary>Renews the lease: it lasts for <paramref name="ttl"/> from now.</summary>
    /// <returns>The lock; null if this token does not hold it, or holds it no longer.</returns>
    /// <exception cref="UnavailableException">
    /// Too many commands are pending, the state is restoring or stopped, or the commit was not confirmed in time.
    /// </exception>
    public async Task<StateLock?> RenewAsync(StateKey key, string token, TimeSpan ttl)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        return await _store.SendAsync(_store.ShardOf(key), new RenewLock(NameOf(key), token, ttl)).ConfigureAwait(false);
    }

    /// <summary>Releases the lock. The first waiting caller then gets it.</summary>
    /// <returns>False if this token does not hold the lock, or holds it no longer.</returns>
    /// <exception cref="UnavailableException">Too many commands are pending, or the state is restoring or stopped.</exception>
    public async Task<bool> ReleaseAsync(StateKey key, string token)
    {
        return await _store.SendAsync(_store.ShardOf(key), new ReleaseLock(NameOf(key), token)).ConfigureAwait(false);
    }

    private static string NameOf(StateKey key) => StateStore.LockPrefix + key.Value;
}
