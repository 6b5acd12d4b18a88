using Akka.Actor;

namespace AllInOne.Actors;

/// <summary>One message of a traced actor.</summary>
/// <param name="Time">When the actor took the message.</param>
/// <param name="Type">The message's class.</param>
/// <param name="Text">The message as text, cut after 200 characters; null if <c>ToString</c> throws.</param>
/// <param name="Sender">The sender, or null.</param>
/// <param name="Outcome">inHand, handled, unhandled or failed.</param>
/// <param name="Took">How long the message took; for the current message, the time so far.</param>
/// <param name="Mailbox">The number of messages that waited at that time.</param>
/// <param name="Error">The exception of the handler, or null.</param>
/// <param name="Skipped">The number of messages that were omitted since the last reported message.</param>
public sealed record TracedEnvelope(
    DateTimeOffset Time, Type Type, string? Text, IActorRef? Sender, string Outcome, TimeSpan Took, int Mailbox, Exception? Error, long Skipped);
