using System.Diagnostics;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>The header of W3C trace context by which whatever a run calls can be found beside it.</summary>
internal static class TraceParent
{
    public static string Of(Run run) => $"00-{run.Trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01";
}
