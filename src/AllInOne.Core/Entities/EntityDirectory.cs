using AllInOne.Core.Entities.Commands;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Entities;

/// <summary>
/// The facade of the entities. Reads use a table of the current snapshots: thread-safe, without a lock or a
/// message. Commands go through <c>/user/entities</c> to the actor of the entity and complete after their commit.
/// Owned by the program. While <c>/user/entities</c> or an entity restarts, reads return the last snapshots, and commands
/// wait. If the result of a command is not known in time, the call throws; the command may still have been applied.
/// </summary>
public sealed class EntityDirectory
{
    private readonly HistoryStore _history;
    private readonly EntitiesOptions _options;
    private volatile bool _isRestored;

    internal EntityDirectory(EntitiesOptions options, HistoryStore history) => (_options, _history, Limits) = (options, history, options.Limits);

    /// <summary>The limits of one entity. Feeds refuse larger input; the entity refuses a change that would exceed a limit.</summary>
    public EntityLimits Limits { get; }

    /// <summary>The number of entities.</summary>
    public int Count => Table.Count;

    internal EntityTable Table { get; } = new();

    /// <summary>The address of <c>/user/entities</c>.</summary>
    internal ActorAddress Supervisor { get; } = new("/user/entities", ActorAddress.UsualCapacity);

    /// <summary>The current snapshot of an entity; null if it does not exist.</summary>
    /// <exception cref="UnavailableException">The entities are not restored yet.</exception>
    public EntitySnapshot? Find(EntityId id) => Table.Find(id) ?? (_isRestored ? null : throw Restoring());

    /// <summary>A page of the entities that match a query.</summary>
    /// <exception cref="UnavailableException">The entities are not restored yet.</exception>
    public EntityPage List(EntityQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!_isRestored)
        {
            throw Restoring();
        }

        return Table.List(query);
    }

    /// <summary>Sends a report to an entity. Never waits; the caller must check first whether storage has room.</summary>
    /// <param name="receipt">The receipt that is answered after the commit or the refusal.</param>
    public void Report(EntityReport report, Receipt receipt) => Supervisor.Tell(new EntityActor.Report(report, receipt));

    /// <summary>Creates or replaces an entity; completes after the commit.</summary>
    /// <exception cref="UnavailableException">Storage has no room, or the commit was not confirmed in time.</exception>
    /// <exception cref="FullException">
    /// No memory is left for the entity (<c>Entities:MaxBytes</c>), or there are too many entities. No entity was changed.
    /// </exception>
    /// <exception cref="ArgumentException">The replacement is over a limit, and larger than the entity is now.</exception>
    public async Task<PutResult> PutAsync(EntityId id, EntityReplacement replacement, CancellationToken cancel)
    {
        var (put, fault) = await PutIfAsync(id, replacement, VersionCondition.None, cancel).ConfigureAwait(false);
        return put ?? throw new ArgumentException($"{id}: {fault}", nameof(replacement));
    }

    /// <summary>
    /// Replaces the entity only if the condition holds. If there is no result, the entity is unchanged: either the replacement is over a limit (then
    /// there is a fault), or the condition does not hold (then there is no fault).
    /// </summary>
    /// <exception cref="UnavailableException">As for <see cref="PutAsync"/>.</exception>
    public async Task<(PutResult? Put, EntityFault? Fault)> PutIfAsync(
        EntityId id, EntityReplacement replacement, VersionCondition condition, CancellationToken cancel)
    {
        var answer = await AskAsync(new EntityActor.Put(id, replacement, condition), cancel).ConfigureAwait(false);
        return (answer as PutResult, answer as EntityFault);
    }

    /// <summary>Deletes an entity; completes after the commit. False if it does not exist.</summary>
    /// <exception cref="UnavailableException">As for <see cref="PutAsync"/>.</exception>
    public async Task<bool> DeleteAsync(EntityId id, CancellationToken cancel) =>
        (await DeleteIfAsync(id, VersionCondition.None, cancel).ConfigureAwait(false))!.Value;

    /// <summary>
    /// Deletes an entity only if the condition holds. If the condition does not hold, the result is null and the entity stays. The condition of an
    /// entity that does not exist is not checked.
    /// </summary>
    /// <exception cref="UnavailableException">As for <see cref="PutAsync"/>.</exception>
    public async Task<bool?> DeleteIfAsync(EntityId id, VersionCondition condition, CancellationToken cancel) =>
        (await AskAsync(new EntityActor.Delete(id, condition), cancel).ConfigureAwait(false) as EntityActor.Deleted)?.WasThere;

    /// <summary>
    /// Sends a command to the device of an entity, by an event on <c>entities/{id}/commands</c>; a virtual entity applies it itself. Completes
    /// after the commit of the event and of the new state. Waits for an entity that is not restored yet.
    /// </summary>
    /// <exception cref="UnavailableException">As for <see cref="PutAsync"/>.</exception>
    public async Task<CommandResult> CommandAsync(EntityId id, EntityCommand command, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.Fault(_options) ?? (CommandResult)await AskAsync(new EntityActor.Obey(id, command), cancel).ConfigureAwait(false);
    }

    /// <summary>Marks the restore as complete: an entity that is not in the table does not exist.</summary>
    internal void Restored() => _isRestored = true;

    private static UnavailableException Restoring() => new("The entities are still restoring.");

    private async Task<object> AskAsync(object command, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_options.CommandTimeout);
        try
        {
            await _history.WaitForRoomAsync(limit.Token).ConfigureAwait(false);
            var answer = await Supervisor.AskAsync(command, timeout: null, limit.Token).ConfigureAwait(false);
            return answer switch
            {
                EntityActor.Full full => throw new FullException(full.Reason),
                _ => answer,
            };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new UnavailableException($"Not known to be stored within {_options.CommandTimeout}.{_history.Health.Because}");
        }
    }
}
