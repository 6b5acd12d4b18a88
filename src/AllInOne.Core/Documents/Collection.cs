using System.Diagnostics.CodeAnalysis;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents;

/// <summary>A collection at this moment: its name, its number and its definition.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is what the whole field calls a collection.")]
public sealed class Collection
{
    internal Collection(
        long number, CollectionName name, CollectionDefinition definition, DateTimeOffset created, DateTimeOffset updated, object engine)
    {
        (Number, Name, Definition, Created, Updated) = (number, name, definition, created, updated);
        Engine = engine;
        Topic = $"collections/{name}";
    }

    public CollectionName Name { get; }

    public CollectionDefinition Definition { get; }

    public DateTimeOffset Created { get; }

    /// <summary>The time of the last change of its definition.</summary>
    public DateTimeOffset Updated { get; }

    /// <summary>The topic of the events of its documents.</summary>
    public string Topic { get; }

    internal long Number { get; }

    /// <summary>What the storage engine keeps for the collection. Only the engine reads it.</summary>
    internal object Engine { get; }

    internal Collection With(CollectionDefinition definition, DateTimeOffset updated) =>
        new(Number, Name, definition, Created, updated, Engine);
}
