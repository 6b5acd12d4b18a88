namespace AllInOne.Core.Storage;

/// <summary>Whether a file's writer does its work; when not, one line that says why, for <c>/readyz</c>.</summary>
public sealed record StorageHealth(bool Ready, string? Reason)
{
    /// <summary>To be put behind the sentence that something was not done: " … cannot be written: …", or nothing.</summary>
    internal string Because => Reason is null ? "" : $" {Reason}";

    public static StorageHealth Good { get; } = new(true, null);

    public static StorageHealth Bad(string reason) => new(false, reason);
}
