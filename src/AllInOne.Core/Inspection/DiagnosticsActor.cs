using Akka.Actor;
using Akka.Event;

namespace AllInOne.Core.Inspection;

/// <summary>
/// <c>/user/diagnostics</c>: logs unhandled messages and dead letters, which Akka.NET publishes but does not log in this form. An unhandled message
/// is a warning. A dead letter is a line at Debug; if Debug is off, the actor does not subscribe to dead letters, because there may be very many.
/// Akka.NET itself logs the failures.
/// </summary>
public sealed class DiagnosticsActor : ReceiveActor
{
    public const string Name = "diagnostics";

    public DiagnosticsActor()
    {
        var events = Context.System.EventStream;
        Receive<UnhandledMessage>(unhandled => events.Publish(new Warning(
            PathOf(unhandled), typeof(DiagnosticsActor), $"{unhandled.Message.GetType()} is not handled")));
        Receive<DeadLetter>(letter => events.Publish(new Debug(
            PathOf(letter), typeof(DiagnosticsActor), $"{letter.Message.GetType()} found no actor")));
    }

    protected override void PreStart()
    {
        var events = Context.System.EventStream;
        events.Subscribe(Self, typeof(UnhandledMessage));
        if (events.LogLevel == LogLevel.DebugLevel)
        {
            events.Subscribe(Self, typeof(DeadLetter));
        }
    }

    private static string PathOf(AllDeadLetters letter) => letter.Recipient.Path.ToString();
}
