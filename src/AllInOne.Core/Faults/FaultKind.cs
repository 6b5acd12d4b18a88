namespace AllInOne.Core.Faults;

/// <summary>The kind of a fault.</summary>
public enum FaultKind
{
    /// <summary>An actor that crashes again and again.</summary>
    Crash,

    /// <summary>An actor that uses the processor without a pause in one message.</summary>
    Spin,

    /// <summary>An actor that blocks its thread in one message.</summary>
    Block,

    /// <summary>An actor that takes more and more memory.</summary>
    Leak,
}
