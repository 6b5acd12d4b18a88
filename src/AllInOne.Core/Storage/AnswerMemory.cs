using AllInOne.Core.Values;

namespace AllInOne.Core.Storage;

/// <summary>The memory for data that is read for answers. Before a read copies a row, it asks its caller for the memory of this row.</summary>
internal static class AnswerMemory
{
    /// <summary>The exception for a read whose first row finds no memory.</summary>
    public static UnavailableException Full() => new("The answers to other requests take all the memory that answers may take now.");
}
