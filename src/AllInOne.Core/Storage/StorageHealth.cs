namespace AllInOne.Core.Storage;

/// <summary>Whether the writer of a file works; if not, the reason in one line, for <c>/readyz</c>.</summary>
public sealed record StorageHealth(bool Ready, string? Reason)
{
    /// <summary>The reason, to be appended to the sentence that reports a failure; empty if there is none.</summary>
    internal string Because => Reason is null ? "" : $" {Reason}";

    public static StorageHealth Good { get; } = new(true, null);

    public static StorageHealth Bad(string reason) => new(false, reason);
}
