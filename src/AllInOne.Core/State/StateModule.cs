using System.Globalization;
using Akka.Actor;
using AllInOne.Core.Events;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.State;

/// <summary>What this folder brings to the program: the server-wide keys, and the actors that write them.</summary>
public sealed class StateModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "state";

    /// <param name="readiness">Receives the progress of the restore, and its end.</param>
    internal StateModule(
        StateOptions options, SupervisionOptions supervision, Database database, EventLog events, TimeProvider clock, Readiness readiness)
    {
        var store = new StateStore(database, options, events, clock);
        Store = store;
        Supervisor = Props.Create(() => new StateSupervisor(store, options, supervision, readiness));
    }

    public StateStore Store { get; }

    /// <summary>To be started once, as <c>/user/state</c>; a <c>GracefulStop</c> of it ends when all that changed is given to the writer.</summary>
    public Props Supervisor { get; }

    internal static string ShardName(StateShard shard) => shard.Number.ToString(CultureInfo.InvariantCulture);
}
