namespace AllInOne.Core.Supervision;

/// <summary>
/// An actor that starts a stopped child again. So an administrator's request to stop such a child is a request to restart it: its mailbox is kept,
/// and no message is lost.
/// </summary>
internal interface IRevivesChildren;
