namespace AllInOne.Core.Supervision;

/// <summary>The reason that an actor restarted by an administrator sees. It counts against no limit.</summary>
public sealed class AdministrativeRestartException() : Exception("restarted by an administrator");
