using Akka.Actor;

namespace AllInOne.Actors;

/// <summary>One message of a traced actor.</summary>
/// <param name="Time">When the actor took it.</param>
/// <param name="Type">The message's class.</param>
/// <param name="Text">The message as text, cut after 200 characters; null when <c>ToString</c> throws.</param>
/// <param name="Sender">Who sent it, or null.</param>
/// <param name="Outcome">inHand, handled, unhandled or failed.</param>
/// <param name="Took">How long the message took; for the current message, the time so far.</param>
/// <param name="Mailbox">Messages waiting then.</param>
/// <param name="Error">What the handler threw, or null.</param>
/// <param name="Skipped">How many messages were omitted since the last reported message.</param>
public sealed record TracedEnvelope(
    DateTimeOffset Time, Type Type, string? Text, IActorRef? Sender, string Outcome, TimeSpan Took, int Mailbox, Exception? Error, long Skipped);
