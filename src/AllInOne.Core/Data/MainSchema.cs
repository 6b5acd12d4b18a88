using AllInOne.Core.Documents.Writing;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Data;

/// <summary>
/// The steps that make allinone.db, in the order of the versions of the file. Each part of the program that keeps something here adds its own
/// steps at the end; see <see cref="SqliteSchema"/> for what a step may be. What was acknowledged survives a loss of power.
/// </summary>
internal static class MainSchema
{
    public const string FileName = "allinone.db";

    public static SqliteSchema Create() => new(CollectionsSchema.Tables, JobsSchema.Tables, JobsSchema.Asked);
}
