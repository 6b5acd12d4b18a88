using AllInOne.Core.Data;
using AllInOne.Core.Documents;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests.Backups;

/// <summary>The files of a data directory as a server creates them, without the actors.</summary>
internal sealed class StorageModuleFiles(DataDirectory data) : IDisposable
{
    private readonly StorageModule _module = new(data, new StorageOptions(), new DocumentsOptions(), TimeProvider.System, new Readiness(), NullLoggerFactory.Instance);

    public IEnumerable<string> Paths => _module.Databases.Select(database => database.File.Path);

    /// <summary>Puts a number into each file, by which the test recognises it.</summary>
    public void Mark(int mark)
    {
        foreach (var database in _module.Databases)
        {
            using var session = database.File.OpenWriter();
            session["CREATE TABLE marks (mark INTEGER)"].Run();
            session["INSERT INTO marks VALUES (?1)"].Bind(1, mark).Run();
        }
    }

    public void Dispose() => _module.Dispose();
}
