using System.Diagnostics;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>The header of the W3C trace context, which connects a run with the requests that it sends.</summary>
internal static class TraceParent
{
    public static string Of(Run run) => $"00-{run.Trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01";
}
