namespace AllInOne.Core.Backups;

/// <summary>A backup cannot be made, or an archive is not to be restored. The message is one line for a person and says why.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message.ReplaceLineEndings(" "), inner);
