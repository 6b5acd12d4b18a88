using System.Diagnostics.CodeAnalysis;
using AllInOne.Core.Documents.Writing;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents;

/// <summary>A collection at this moment: its name, its number and its definition.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is what the whole field calls a collection.")]
public sealed class Collection
{
    internal Collection(
        long number, CollectionName name, CollectionDefinition definition, DateTimeOffset created, DateTimeOffset updated, DocumentSql? sql = null)
    {
        (Number, Name, Definition, Created, Updated) = (number, name, definition, created, updated);
        Sql = sql ?? new DocumentSql(number);
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

    /// <summary>The texts of its statements. They are created once, because a prepared statement is found by the identity of its text.</summary>
    internal DocumentSql Sql { get; }

    internal Collection With(CollectionDefinition definition, DateTimeOffset updated) =>
        new(Number, Name, definition, Created, updated, Sql);
}
