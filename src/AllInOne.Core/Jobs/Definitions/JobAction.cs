using System.Text.Json;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Jobs.Definitions;

/// <summary>What a job does when it runs.</summary>
public abstract record JobAction
{
    private JobAction()
    {
    }

    /// <summary>Its name in a definition.</summary>
    public abstract string Type { get; }

    /// <summary>A request; the run succeeds when the answer's status is one of those expected.</summary>
    /// <param name="Body">Text as it is; null: the parameters of the run as JSON, where it has some.</param>
    /// <param name="Expect">Empty: any from 200 to 299.</param>
    public sealed record Http(string Method, Uri Url, IReadOnlyDictionary<string, string> Headers, string? Body, IReadOnlyList<int> Expect) : JobAction
    {
        public override string Type => "http";
    }

    /// <summary>A program with its arguments, without a shell; the run succeeds when it exits with 0. Needs <c>Jobs:Commands:Enabled</c>.</summary>
    /// <param name="Env">Beside the server's own environment.</param>
    /// <param name="Directory">Where it works; null for the data directory.</param>
    public sealed record Command(string File, IReadOnlyList<string> Args, IReadOnlyDictionary<string, string> Env, string? Directory) : JobAction
    {
        public override string Type => "command";
    }

    /// <summary>An operation on a server-wide key.</summary>
    /// <param name="Value">Of put, push, add, remove and merge; undefined: the parameters of the run.</param>
    /// <param name="By">Of increment.</param>
    public sealed record State(StateOp Op, string Key, JsonElement Value, decimal By, TimeSpan? Ttl) : JobAction
    {
        public override string Type => "state";
    }

    /// <summary>A command to an entity; the run succeeds when it is accepted.</summary>
    /// <param name="Name">That of the command.</param>
    /// <param name="Parameters">An object; null: the parameters of the run, where it has some.</param>
    public sealed record Entity(EntityId Id, string Name, JsonText? Parameters) : JobAction
    {
        public override string Type => "entity";
    }

    /// <summary>Deletes what is too old.</summary>
    /// <param name="Of">Of what.</param>
    public sealed record Retention(RetentionOf Of) : JobAction
    {
        public override string Type => "retention";
    }

    /// <summary>Makes a backup of all database files.</summary>
    public sealed record Backup : JobAction
    {
        public override string Type => "backup";
    }

    /// <summary>Nothing: to try a schedule, or how many runs a machine can do.</summary>
    public sealed record None : JobAction
    {
        public override string Type => "none";
    }
}

/// <summary>What a job may do to a key.</summary>
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

public enum RetentionOf
{
    /// <summary>Events older than <c>History:Retention</c>.</summary>
    History,

    /// <summary>Records of runs beyond <c>Jobs:RunRetention</c> and <c>Jobs:RunsKept</c>.</summary>
    Runs,
}
