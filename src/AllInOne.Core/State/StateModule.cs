using System.Globalization;
using Akka.Actor;
using AllInOne.Core.Events;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.State;

/// <summary>The module of the server-wide keys: it creates their store and specifies the actors that write them.</summary>
public sealed class StateModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "state";

    internal StateModule(StateOptions options, Database database, EventLog events, TimeProvider clock)
    {
        var store = new StateStore(database, options, events, clock);
        Store = store;
        Actors = store.Shards.Select(shard => new ChildSpec(
            shard.Number.ToString(CultureInfo.InvariantCulture), Props.Create(() => new StateShardActor(shard, options))) { Address = shard.Inbox.Address });
    }

    public StateStore Store { get; }

    /// <summary>The actors below <c>/user/state</c>, one for each shard. Read them only after the restore.</summary>
    internal IEnumerable<ChildSpec> Actors { get; }
}
