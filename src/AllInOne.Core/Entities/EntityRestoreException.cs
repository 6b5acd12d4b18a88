namespace AllInOne.Core.Entities;

/// <summary>An entity cannot get its state back from storage, or has lost touch with it; a restart tries anew.</summary>
internal sealed class EntityRestoreException(string message, Exception? inner = null) : Exception(message, inner);
