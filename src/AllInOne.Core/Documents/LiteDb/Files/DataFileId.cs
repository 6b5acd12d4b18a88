namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>Identifies a data file, and a copy of it, so that the log of another file is never applied to it. Written once, when the file is created.</summary>
/// <param name="Created">The creation time that LiteDB has written, in ticks (UTC).</param>
/// <param name="Number">A random number greater than zero, in LiteDB's USER_VERSION.</param>
internal readonly record struct DataFileId(long Created, int Number);
