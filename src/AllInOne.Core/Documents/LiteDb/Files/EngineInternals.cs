using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using LiteDB.Engine;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The only place that reaches into LiteDB by reflection. A transaction of LiteDB has a finalizer that throws if the engine has failed, and an exception
/// of a finalizer ends the process. A test fails if a newer LiteDB has other fields.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly FieldInfo? Monitor = typeof(LiteEngine).GetField("_monitor", Hidden);
    private static readonly FieldInfo? Transactions = Monitor?.FieldType.GetField("_transactions", Hidden);

    /// <summary>Whether the fields are there. If not, <see cref="SuppressFinalizers"/> does nothing.</summary>
    public static bool AreKnown => Transactions is not null && typeof(IDictionary).IsAssignableFrom(Transactions.FieldType);

    /// <summary>The open transactions of the engine.</summary>
    public static ICollection Open(LiteEngine engine) =>
        Monitor?.GetValue(engine) is { } monitor && Transactions?.GetValue(monitor) is IDictionary open ? open.Values : Array.Empty<object>();

    /// <summary>Makes the open transactions harmless for the finalizer thread. The engine must not be used afterwards, except to dispose it.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "These are the finalizers of LiteDB.")]
    public static void SuppressFinalizers(LiteEngine engine)
    {
        foreach (var transaction in Open(engine))
        {
            GC.SuppressFinalize(transaction);
        }
    }
}
