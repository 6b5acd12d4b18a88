using System.Collections;
using System.Reflection;
using LiteDB.Engine;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The only place that reaches into LiteDB by reflection. A transaction of LiteDB has a finalizer that throws if the engine has failed, and an exception
/// of a finalizer ends the process. It also keeps the open transaction of a thread in a thread-local variable, which would keep a failed engine with its
/// whole cache in memory until the thread exits. A test fails if a newer LiteDB has other fields.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly FieldInfo? Monitor = typeof(LiteEngine).GetField("_monitor", Hidden);
    private static readonly FieldInfo? Transactions = Monitor?.FieldType.GetField("_transactions", Hidden);

    private static readonly FieldInfo? Slot = Monitor?.FieldType.GetField("_slot", Hidden);

    /// <summary>Whether the fields are there. If not, the methods do nothing.</summary>
    public static bool AreKnown =>
        Transactions is not null && typeof(IDictionary).IsAssignableFrom(Transactions.FieldType)
        && Slot is not null && typeof(IDisposable).IsAssignableFrom(Slot.FieldType);

    /// <summary>The open transactions of the engine.</summary>
    public static ICollection Open(LiteEngine engine) =>
        Monitor?.GetValue(engine) is { } monitor && Transactions?.GetValue(monitor) is IDictionary open ? open.Values : Array.Empty<object>();

    /// <summary>Makes the open transactions harmless for the finalizer thread. The engine must not be used afterwards, except to dispose it.</summary>
    public static void SuppressFinalizers(LiteEngine engine)
    {
        foreach (var transaction in Open(engine))
        {
#pragma warning disable CA1816 // The transaction is of another library, and its own disposal may be what throws.
            GC.SuppressFinalize(transaction);
#pragma warning restore CA1816
        }
    }

    /// <summary>Frees the transaction that a thread has left open. Call it after the engine is disposed.</summary>
    public static void ReleaseThreads(LiteEngine engine)
    {
        if (Monitor?.GetValue(engine) is { } monitor)
        {
            (Slot?.GetValue(monitor) as IDisposable)?.Dispose();
        }
    }
}
