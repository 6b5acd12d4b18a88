namespace AllInOne.Core.Values.Options;

/// <summary>
/// The range of values that an option may have. A bound is a number, a duration such as <c>"00:00:30"</c>, or the name of another option of
/// the same class, whose value is then the bound.
/// </summary>
/// <param name="least">The lower bound.</param>
/// <param name="most">The upper bound; null if there is none.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowedAttribute(object least, object? most = null) : Attribute
{
    /// <summary>The lower bound.</summary>
    public object Least { get; } = least;

    /// <summary>The upper bound; null if there is none.</summary>
    public object? Most { get; } = most;
}
