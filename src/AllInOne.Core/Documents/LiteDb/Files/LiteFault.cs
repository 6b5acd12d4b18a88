using AllInOne.Core.Documents.LiteDb.Files.Disk;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>Turns a failure of the files into one line that names the file, the fault and, if data is lost, the remedy.</summary>
internal static class LiteFault
{
    private const string Remedy = "With the server stopped, restore a backup with the command 'backup restore FILE'";

    /// <param name="verb">The participle of the failed operation, such as "written".</param>
    public static StorageException Of(string path, string verb, Exception failure) =>
        new(path, $"{path} cannot be {verb}: {Line(failure)}", failure);

    /// <summary>A file whose contents cannot be trusted.</summary>
    public static StorageException Damaged(string path, string fault, Exception? failure = null) =>
        new(path, $"{path} is damaged: {fault.TrimEnd('.')}. {Remedy}", failure);

    /// <summary>A log that is missing or cannot be used, while the data file may need it.</summary>
    /// <param name="fault">The text that follows the path.</param>
    public static StorageException Lost(string path, string fault) =>
        new(path, $"{path} {fault}. {Remedy}, or put the right file in its place. To start without this data, move it and the data file away");

    /// <summary>A file that this server did not create.</summary>
    /// <param name="fault">The text that follows the path.</param>
    public static StorageException Foreign(string path, string fault) => new(path, $"{path} {fault}. Use another data directory, or move the file away");

    /// <summary>Opens a file and turns each refusal into one line.</summary>
    /// <exception cref="StorageException">The file cannot be opened.</exception>
    public static IFileIo Opening(string path, Func<IFileIo> open)
    {
        if (Directory.Exists(path))
        {
            throw new StorageException(path, $"{path} is a directory: move it away");
        }

        try
        {
            return open();
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new StorageException(path, $"{path} cannot be opened: {Line(refused)} Give the server's user the right to read and write it", refused);
        }
        catch (IOException broken)
        {
            throw Of(path, "opened", broken);
        }
    }

    /// <summary>The message in one line.</summary>
    public static string Line(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}
