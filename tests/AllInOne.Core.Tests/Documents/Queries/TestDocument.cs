namespace AllInOne.Core.Tests.Documents.Queries;

/// <param name="Created">In microseconds since 1970, like <paramref name="Updated"/>.</param>
internal sealed record TestDocument(string Id, long Version, long Created, long Updated, string Data);
