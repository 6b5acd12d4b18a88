namespace AllInOne.Core.Entities;

/// <summary>The failure of an entity to read its state from storage, or to write to it. A restart tries again.</summary>
internal sealed class EntityRestoreException(string message, Exception? inner = null) : Exception(message, inner);
