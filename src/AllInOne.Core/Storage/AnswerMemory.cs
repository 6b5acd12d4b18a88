namespace AllInOne.Core.Storage;

/// <summary>The memory of what is read for answers. A read asks its caller for it, row by row, before it copies the row.</summary>
internal static class AnswerMemory
{
    /// <summary>There was none for the first row.</summary>
    public static UnavailableException Full() => new("The answers to other requests take all the memory that answers may take now.");
}
