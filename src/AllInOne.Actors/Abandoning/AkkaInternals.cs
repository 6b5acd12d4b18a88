using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// All non-public members of Akka.NET that this library uses, each with its reason. At the start of a system, <see cref="ThrowIfMoved"/>
/// checks that all of them exist. So an incompatible update of Akka.NET fails at the start with a clear message, and not in an abandonment.
/// </summary>
internal static class AkkaInternals
{
    private const int Closed = 1;
    private const int Scheduled = 2;

    /// <summary>The status of a mailbox counts its suspensions in this unit.</summary>
    private const int SuspendUnit = 4;

    private const BindingFlags Everything =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The stack of behaviours (Become): the successor of an abandoned cell starts with it. Its type is not public.</summary>
    private static readonly FieldInfo? BehaviourField = Find("_state");

    /// <summary>System messages that wait for the end of a restart: they go to the successor. The type of the list is not public.</summary>
    private static readonly FieldInfo? SystemStashField = Find("_sysMsgStash");

    private static string? _moved;

    /// <summary>The type of the system message that runs the code of an actor after an await. It is not public.</summary>
    public static Type? Continuation { get; } = typeof(ActorCell).Assembly.GetType("Akka.Dispatch.SysMsg.ActorTaskSchedulerMessage");

    /// <summary>The members that are missing in this version of Akka.NET; empty if all exist.</summary>
    public static IReadOnlyList<string> Missing()
    {
        var missing = new List<string>();
        foreach (var accessor in typeof(AkkaInternals).GetMethods(Everything))
        {
            if (accessor.GetCustomAttribute<UnsafeAccessorAttribute>() is not { } needed)
            {
                continue;
            }

            var owner = accessor.GetParameters()[0].ParameterType;
            if (owner.GetMember(needed.Name!, Everything).Length == 0)
            {
                missing.Add($"{owner.Name}.{needed.Name}");
            }
        }

        if (BehaviourField is null)
        {
            missing.Add($"{nameof(ActorCell)}._state");
        }

        if (SystemStashField is null)
        {
            missing.Add($"{nameof(ActorCell)}._sysMsgStash");
        }

        if (Continuation is null)
        {
            missing.Add("ActorTaskSchedulerMessage");
        }

        return missing;
    }

    /// <exception cref="NotSupportedException">This version of Akka.NET has moved a member; the message names it.</exception>
    public static void ThrowIfMoved()
    {
        _moved ??= Missing() is { Count: > 0 } missing
            ? $"Akka.NET {typeof(ActorCell).Assembly.GetName().Version} has moved {string.Join(", ", missing)}, which AllInOne.Actors needs."
            : "";
        if (_moved.Length > 0)
        {
            throw new NotSupportedException(_moved);
        }
    }

    /// <summary>
    /// Moves the behaviours and the waiting system messages from one cell to another; the first cell gets an empty stack of behaviours.
    /// </summary>
    public static void MoveState(ActorCell from, ActorCell to)
    {
        BehaviourField!.SetValue(to, BehaviourField.GetValue(from));
        SystemStashField!.SetValue(to, SystemStashField.GetValue(from));
        BehaviourField.SetValue(from, Activator.CreateInstance(BehaviourField.GetValue(to)!.GetType(), nonPublic: true));
    }

    /// <summary>
    /// The cell of a mailbox. The monitor knows only the mailbox that a worker runs, and reads the state of the actor from the cell.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_actor")]
    public static extern ref ActorCell? Cell(Mailbox mailbox);

    /// <summary>The system messages of a mailbox: <see cref="MailboxRun"/> takes them one by one.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_systemQueueDoNotCallMeDirectly")]
    public static extern ref SystemMessage? SystemQueue(Mailbox mailbox);

    /// <summary>Whether the actor of a mailbox has terminated.</summary>
    public static bool IsClosed(Mailbox mailbox) => Volatile.Read(ref Status(mailbox)) == Closed;

    /// <summary>Whether an actor is suspended: shown by the inspection.</summary>
    public static bool IsSuspended(ActorCell cell) => cell.Mailbox is { } mailbox && Volatile.Read(ref Status(mailbox)) >= SuspendUnit;

    /// <summary>The mailbox is neither closed nor suspended.</summary>
    public static bool MayHandleMessages(Mailbox mailbox) => (Volatile.Read(ref Status(mailbox)) & ~Scheduled) == 0;

    /// <summary>The end of a slice: from now on another thread may run the actor.</summary>
    public static void SetIdle(Mailbox mailbox) => Interlocked.And(ref Status(mailbox), ~Scheduled);

    /// <summary>Takes back one suspension. Only for the thread that owns the actor.</summary>
    public static void Resume(Mailbox mailbox)
    {
        if (Volatile.Read(ref Status(mailbox)) >= SuspendUnit)
        {
            Interlocked.Add(ref Status(mailbox), -SuspendUnit);
        }
    }

    /// <summary>Takes back all suspensions. Only for the thread that owns the actor.</summary>
    public static void ResumeFully(Mailbox mailbox) => Interlocked.And(ref Status(mailbox), SuspendUnit - 1);

    /// <summary>Handles one system message, as <see cref="Mailbox.Run"/> does.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SystemInvoke")]
    public static extern void SystemInvoke(ActorCell cell, ISystemMessage message);

    /// <summary>The link of a list of system messages.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Next")]
    public static extern ref SystemMessage? Next(SystemMessage message);

    /// <summary>Gives the successor the mailbox of the actor.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SwapMailbox")]
    public static extern Mailbox? SwapMailbox(ActorCell cell, Mailbox mailbox);

    /// <summary>The end of a slice: queues the actor again if it has more messages.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "RegisterForExecution")]
    public static extern bool RegisterForExecution(MessageDispatcher dispatcher, Mailbox mailbox, bool hasMessageHint, bool hasSystemMessageHint);

    /// <summary>The children: they move to the successor. <see cref="ChildTable"/> is installed here too.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_childrenContainerDoNotCallMeDirectly")]
    public static extern ref IChildrenContainer Children(ActorCell cell);

    /// <summary>The counter of generated names (<c>$a</c>, <c>$b</c>): the successor must not use a name twice.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nextRandomNameDoNotCallMeDirectly")]
    public static extern ref long NextName(ActorCell cell);

    /// <summary>When this is set, the abandoned cell ignores its own failure.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_failed_DoNotUseMeDirectly")]
    public static extern ref IActorRef? Failed(ActorCell cell);

    /// <summary>
    /// Akka.NET reads the props again between the constructor and PreStart. If an actor was abandoned in its constructor, its old instance has
    /// no props and fails there. So its PreStart does not run beside the new instance.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Props")]
    public static extern void SetProps(ActorCell cell, Props? props);

    /// <summary>Ends the receive timeout of the abandoned cell.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "CancelReceiveTimeout")]
    public static extern void CancelReceiveTimeout(ActorCell cell);

    /// <summary>The stuck instance, whose timers are cancelled.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Actor")]
    public static extern ActorBase? Instance(ActorCell cell);

    /// <summary>Gives the successor an instance without hooks: a cell can only stop or restart if it has an instance.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Actor")]
    public static extern void SetInstance(ActorCell cell, ActorBase instance);

    /// <summary>Points the reference of an actor at the successor.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_cell")]
    public static extern ref ActorCell Cell(LocalActorRef reference);

    /// <summary>The same for a top-level actor, whose reference has two pointers.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lookup_DoNotCallMeDirectly")]
    public static extern ref ICell Lookup(RepointableActorRef reference);

    /// <summary>
    /// Counts the actors of a dispatcher, so that Akka.NET can shut it down without actors. <see cref="FairDispatcher"/> has no such shutdown. The
    /// count is wrong after an abandonment: the stuck code may have registered a child that it never starts. A count below zero would be an error.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_inhabitantsDoNotCallMeDirectly")]
    public static extern ref long Inhabitants(MessageDispatcher dispatcher);

    /// <summary>The number of suspensions, and whether the mailbox is closed or scheduled.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_statusDotNotCallMeDirectly")]
    private static extern ref int Status(Mailbox mailbox);

    private static FieldInfo? Find(string field) => typeof(ActorCell).GetField(field, BindingFlags.NonPublic | BindingFlags.Instance);
}
