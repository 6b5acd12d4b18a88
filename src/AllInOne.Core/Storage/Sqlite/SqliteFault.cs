using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>Turns a failure of SQLite into one line that names the file, the fault and, where the file is damaged, the remedy.</summary>
internal static class SqliteFault
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>The remedy for a damaged file, for the administrator.</summary>
    public const string Remedy = "With the server stopped, restore a backup with the command 'backup restore FILE'";

    /// <param name="path">The database file.</param>
    /// <param name="verb">What failed, such as "written".</param>
    public static StorageException Of(string path, string verb, Exception failure) => IsDamage(failure)
        ? new StorageException(path, $"{path} is damaged: {failure.Message.TrimEnd('.')}. {Remedy}", failure)
        : new StorageException(path, $"{path} cannot be {verb}: {failure.Message}", failure);

    private static bool IsDamage(Exception failure) => failure is SqliteException { SqliteErrorCode: Corrupt or NotADatabase };
}
