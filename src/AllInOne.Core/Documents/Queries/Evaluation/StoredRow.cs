namespace AllInOne.Core.Documents.Queries.Evaluation;

/// <summary>A document as an engine stores it, for the evaluation of queries in memory.</summary>
/// <param name="Created">In microseconds since 1970, like <paramref name="Updated"/>.</param>
/// <param name="Data">The user's members as one JSON object in UTF-8.</param>
internal readonly record struct StoredRow(string Id, long Version, long Created, long Updated, ReadOnlyMemory<byte> Data);
