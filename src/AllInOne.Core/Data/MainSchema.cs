using AllInOne.Core.Documents.Sqlite;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Data;

/// <summary>
/// The schema of allinone.db: its steps, in the order of the versions of the file. Each part of the program that stores data here adds its steps at
/// the end; see <see cref="SqliteSchema"/> for the rules of a step. Acknowledged writes survive a loss of power.
/// </summary>
internal static class MainSchema
{
    public const string FileName = "allinone.db";

    public static SqliteSchema Create() => new(CollectionsSchema.Tables, JobsSchema.Tables, JobsSchema.Asked);
}
