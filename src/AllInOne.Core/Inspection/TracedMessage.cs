namespace AllInOne.Core.Inspection;

/// <summary>One message that a traced actor has in hand or has handled.</summary>
/// <param name="Time">When the actor took it.</param>
/// <param name="Type">The message's class.</param>
/// <param name="Text">The message as text, cut after 200 characters; null when it cannot be had.</param>
/// <param name="Sender">The sender's path, or null.</param>
/// <param name="Outcome">inHand, handled, unhandled or failed.</param>
/// <param name="Ms">How long it took, for one in hand so far, in milliseconds.</param>
/// <param name="Mailbox">Messages waiting then.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="Skipped">How many before it were left out since the last one told.</param>
public sealed record TracedMessage(
    DateTimeOffset Time, string Type, string? Text, string? Sender, string Outcome, double Ms, int Mailbox, string? Error, long Skipped);
