using AllInOne.Core.Values;

namespace AllInOne.Core.Documents;

/// <summary>The collection was deleted during a read. The documents read so far are correct but incomplete.</summary>
public sealed class CollectionGoneException(CollectionName name, Exception? inner = null) : Exception($"There is no collection {name}.", inner);
