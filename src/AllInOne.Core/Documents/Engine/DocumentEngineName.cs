namespace AllInOne.Core.Documents.Engine;

/// <summary>The storage engines for collections, by their names in <c>Documents:Engine</c>.</summary>
public enum DocumentEngineName
{
    /// <summary>Tables in allinone.db.</summary>
    Sqlite,

    /// <summary>documents.db, a file of LiteDB.</summary>
    LiteDb,
}
