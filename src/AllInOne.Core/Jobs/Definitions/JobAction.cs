using System.Text.Json;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Jobs.Definitions;

/// <summary>The action of a job: what a run executes.</summary>
public abstract record JobAction
{
    private JobAction()
    {
    }

    /// <summary>The name of the action in a definition.</summary>
    public abstract string Type { get; }

    /// <summary>An HTTP request. The run succeeds if the status of the answer is expected.</summary>
    /// <param name="Body">The body as text; null: the parameters of the item as JSON, if there are any.</param>
    /// <param name="Expect">The expected statuses; empty: 200 to 299.</param>
    public sealed record Http(string Method, Uri Url, IReadOnlyDictionary<string, string> Headers, string? Body, IReadOnlyList<int> Expect) : JobAction
    {
        public override string Type => "http";
    }

    /// <summary>A program with its arguments, without a shell. The run succeeds if the exit code is 0. Needs <c>Jobs:Commands:Enabled</c>.</summary>
    /// <param name="Env">Variables that are added to the environment of the server.</param>
    /// <param name="Directory">The working directory; null for the data directory.</param>
    public sealed record Command(string File, IReadOnlyList<string> Args, IReadOnlyDictionary<string, string> Env, string? Directory) : JobAction
    {
        public override string Type => "command";
    }

    /// <summary>An operation on a server-wide key.</summary>
    /// <param name="Value">The value for put, push, add, remove and merge; undefined: the parameters of the item.</param>
    /// <param name="By">The amount for increment.</param>
    public sealed record State(StateOp Op, StateKey Key, JsonElement Value, decimal By, TimeSpan? Ttl) : JobAction
    {
        public override string Type => "state";
    }

    /// <summary>A command to an entity. The run succeeds when the command is accepted.</summary>
    /// <param name="Name">The name of the command.</param>
    /// <param name="Parameters">A JSON object; null: the parameters of the item, if there are any.</param>
    public sealed record Entity(EntityId Id, string Name, JsonText? Parameters) : JobAction
    {
        public override string Type => "entity";
    }

    /// <summary>The deletion of old events or old records of runs.</summary>
    /// <param name="Of">What is deleted.</param>
    public sealed record Retention(RetentionOf Of) : JobAction
    {
        public override string Type => "retention";
    }

    /// <summary>A backup of all database files.</summary>
    public sealed record Backup : JobAction
    {
        public override string Type => "backup";
    }

    /// <summary>No action: for tests of a schedule, or of the number of runs that a machine can execute.</summary>
    public sealed record None : JobAction
    {
        public override string Type => "none";
    }
}

/// <summary>The operations of jobs on state keys.</summary>
public enum StateOp
{
    Put,
    Delete,
    Increment,
    Push,
    Add,
    Remove,
    Merge,
    Touch,
}

/// <summary>The data that a retention action deletes.</summary>
public enum RetentionOf
{
    /// <summary>Events older than <c>History:Retention</c>.</summary>
    History,

    /// <summary>Records of runs beyond <c>Jobs:RunRetention</c> and <c>Jobs:RunsKept</c>.</summary>
    Runs,
}
