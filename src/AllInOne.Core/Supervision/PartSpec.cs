using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Supervision;

/// <summary>
/// The specification of a part of the server: a supervisor below <c>/user</c> with a fixed set of children. <see cref="PartSupervisor"/> runs it.
/// </summary>
/// <param name="name">The name below <c>/user</c>, and of the part in <see cref="Readiness"/>.</param>
internal sealed class PartSpec(string name)
{
    public string Name => name;

    /// <summary>The children, in the order of their start. Read when the part has restored its data.</summary>
    public required Func<IEnumerable<ChildSpec>> Children { get; init; }

    /// <summary>How often a child may restart before its failure becomes that of the part.</summary>
    public required SupervisionOptions Restarts { get; init; }

    /// <summary>The failures that a child has logged itself; usually none.</summary>
    public Func<Exception, bool> IsLogged { get; init; } = _ => false;

    /// <summary>The data that the part restores before its children start; null for none.</summary>
    public IRestorable? Restores { get; init; }

    /// <summary>Whether <see cref="PartSupervisor"/> reports that the part is ready; otherwise a child does.</summary>
    public bool ReportsReady { get; init; } = true;

    /// <summary>
    /// The message that ends each child in good order; null if a stop is enough. Then <see cref="PartSupervisor.Drain"/> sends it to the children,
    /// and the part stops when the last child has stopped.
    /// </summary>
    public object? Drain { get; init; }

    /// <summary>
    /// Whether the part is being drained. Only its supervisor sets it; it is kept here because a supervisor that restarts must not start over.
    /// </summary>
    public bool IsDraining { get; set; }

    /// <summary>The specification of the supervisor itself.</summary>
    public ChildSpec ToChild(Readiness readiness, ILoggerFactory loggers)
    {
        var log = loggers.CreateLogger<PartSupervisor>();
        return new ChildSpec(Name, Props.Create(() => new PartSupervisor(this, readiness, log)))
        {
            Stop = Drain is null ? PoisonPill.Instance : PartSupervisor.Drain.Instance,
        };
    }
}

/// <summary>Data in memory that a part restores from its file before it serves. It outlives the part's actors.</summary>
internal interface IRestorable
{
    /// <summary>Whether <see cref="RestoreAsync"/> has completed in this process.</summary>
    bool IsRestored { get; }

    /// <summary>The progress of the restore, as a text for people.</summary>
    string Progress { get; }

    /// <summary>Restores the data. Called again after a failure.</summary>
    Task RestoreAsync();

    /// <summary>Called when the children run: reads and commands are served from now on.</summary>
    void Open();

    /// <summary>Called when the part has stopped: waiting callers are answered, and new commands are refused.</summary>
    void Close();
}
