using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>Turns a failure of SQLite into one line that names the file, the fault and, if the file is damaged, the remedy.</summary>
internal static class SqliteFault
{
    private const int Error = 1;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>The remedy for a damaged file, for the administrator.</summary>
    public const string Remedy = "With the server stopped, restore a backup with the command 'backup restore FILE'";

    /// <summary>
    /// A failure at the start. The statements of the start are constants. If SQLite refuses such a statement (unknown format, or a table that already
    /// exists), the contents of the file do not match its header.
    /// </summary>
    public static StorageException AtStart(string path, SqliteException failure) =>
        failure.SqliteErrorCode == Error ? Damaged(path, failure) : Of(path, "used", failure);

    /// <summary>A file whose data is missing. The data may still be found or restored.</summary>
    /// <param name="fault">The text that follows the path.</param>
    public static StorageException Lost(string path, string fault) => new(
        path, $"{path} {fault}. Restore a backup with the command 'backup restore FILE', or put the missing file back. To start without this data, move {path}* away");

    /// <param name="path">The database file.</param>
    /// <param name="verb">The participle of the failed operation, such as "written".</param>
    public static StorageException Of(string path, string verb, Exception failure) => IsDamage(failure)
        ? Damaged(path, failure)
        : new StorageException(path, $"{path} cannot be {verb}: {failure.Message}", failure);

    private static StorageException Damaged(string path, Exception failure) =>
        new(path, $"{path} is damaged: {failure.Message.TrimEnd('.')}. {Remedy}", failure);

    private static bool IsDamage(Exception failure) => failure is SqliteException { SqliteErrorCode: Corrupt or NotADatabase };
}
