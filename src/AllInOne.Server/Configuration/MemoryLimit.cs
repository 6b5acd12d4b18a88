namespace AllInOne.Server.Configuration;

/// <summary>The default of one key that limits memory.</summary>
/// <param name="Key">The key.</param>
/// <param name="Bytes">Its value.</param>
/// <param name="Percent">The share of the memory from which it comes when that is less than the fixed default.</param>
/// <param name="Cost">How many bytes of memory each counted byte takes.</param>
/// <param name="Within">The key of the limit that counts the same bytes; null if there is none.</param>
internal sealed record MemoryLimit(string Key, long Bytes, int Percent, int Cost, string? Within);
