namespace AllInOne.Core.Documents;

/// <summary>The collection was deleted while it was read. What was read before that is right, but not all of it.</summary>
public sealed class CollectionGoneException(string name, Exception? inner = null) : Exception($"There is no collection {name}.", inner);
