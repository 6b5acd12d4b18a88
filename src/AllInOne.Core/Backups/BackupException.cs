namespace AllInOne.Core.Backups;

/// <summary>A backup cannot be made, or an archive cannot be restored. The message is one line for a person, with the reason.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message.ReplaceLineEndings(" "), inner);
