using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using LiteDB.Engine;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>The only place that reads private fields of LiteDB.</summary>
internal static class LiteInternals
{
    private static readonly FieldInfo Monitor = Field(typeof(LiteEngine), "_monitor");

    private static readonly FieldInfo Transactions = Field(Monitor.FieldType, "_transactions");

    /// <summary>
    /// Keeps the finalizers of open transactions from running. After a failure such a finalizer throws, and an exception of a finalizer ends the
    /// process.
    /// </summary>
    [SuppressMessage("Usage", "CA1816", Justification = "The finalizers of LiteDB are the danger that this removes.")]
    public static void SuppressFinalizers(LiteEngine engine)
    {
        if (Monitor.GetValue(engine) is { } monitor && Transactions.GetValue(monitor) is IDictionary transactions)
        {
            foreach (var transaction in transactions.Values)
            {
                GC.SuppressFinalize(transaction!);
            }
        }
    }

    private static FieldInfo Field(Type type, string name) => type.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingFieldException(type.FullName, name);
}
