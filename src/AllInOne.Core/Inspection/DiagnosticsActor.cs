using Akka.Actor;
using Akka.Event;

namespace AllInOne.Core.Inspection;

/// <summary>
/// <c>/user/diagnostics</c>: logs two things that Akka.NET publishes and does not log in this form. A message that its actor did not handle is a
/// warning. A message to an actor that does not exist is a line at Debug; below that level they are not even received, however many there are.
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
