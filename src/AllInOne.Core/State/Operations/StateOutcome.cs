namespace AllInOne.Core.State.Operations;

/// <summary>The outcome of an operation. Only after the first three does the key have the state that the operation requests.</summary>
public enum StateOutcome
{
    /// <summary>The key has a new value, its first one if <see cref="StateResult.Created"/>.</summary>
    Stored,

    /// <summary>The key was deleted.</summary>
    Deleted,

    /// <summary>The key is unchanged, because it already has the requested state.</summary>
    Unchanged,

    /// <summary>The key does not exist, or has no element to take.</summary>
    NotFound,

    /// <summary>The condition does not hold for the present item.</summary>
    ConditionFailed,

    /// <summary>The operation cannot be applied to the present value.</summary>
    Refused,

    /// <summary>No memory is left for the value (<c>State:MaxBytes</c>).</summary>
    Full,
}
