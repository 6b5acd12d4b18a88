namespace AllInOne.Core.State.Operations;

/// <summary>What became of an operation. Only the first three have left the key as the operation says.</summary>
public enum StateOutcome
{
    /// <summary>The key has another value; there was none before if <see cref="StateResult.Created"/>.</summary>
    Stored,

    /// <summary>There is no such key any more.</summary>
    Deleted,

    /// <summary>The key is as it was, because it is already as the operation wants it.</summary>
    Unchanged,

    /// <summary>There is no such key, or nothing to be taken from it.</summary>
    NotFound,

    /// <summary>The condition does not hold for the present item.</summary>
    ConditionFailed,

    /// <summary>The operation cannot be applied to the value that is there.</summary>
    Refused,

    /// <summary>There is no memory left for it (<c>State:MaxBytes</c>).</summary>
    Full,
}
