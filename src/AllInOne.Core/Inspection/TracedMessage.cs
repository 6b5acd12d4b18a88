namespace AllInOne.Core.Inspection;

/// <summary>One message that a traced actor is handling or has handled.</summary>
/// <param name="Time">The time when the actor began to handle it.</param>
/// <param name="Type">The class of the message.</param>
/// <param name="Text">The message as text, cut after 200 characters; null if it has no text.</param>
/// <param name="Sender">The path of the sender; null if there is none.</param>
/// <param name="Outcome">inHand, handled, unhandled or failed.</param>
/// <param name="Ms">How long it took, in milliseconds; for a message that is being handled, until now.</param>
/// <param name="Mailbox">The number of messages that waited then.</param>
/// <param name="Error">The reason why it failed; null if it did not.</param>
/// <param name="Skipped">The number of messages that were left out since the previous reported message.</param>
public sealed record TracedMessage(
    DateTimeOffset Time, string Type, string? Text, string? Sender, string Outcome, double Ms, int Mailbox, string? Error, long Skipped);
