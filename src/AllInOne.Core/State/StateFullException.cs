namespace AllInOne.Core.State;

/// <summary>There is no memory left (<c>State:MaxBytes</c>) for what has no result to say so; nothing was changed.</summary>
public sealed class StateFullException(string message) : Exception(message);
