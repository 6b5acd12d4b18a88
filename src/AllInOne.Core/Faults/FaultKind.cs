namespace AllInOne.Core.Faults;

/// <summary>What is to go wrong.</summary>
public enum FaultKind
{
    /// <summary>An actor that crashes again and again.</summary>
    Crash,

    /// <summary>An actor that burns the processor in one message.</summary>
    Spin,

    /// <summary>An actor that blocks its thread in one message.</summary>
    Block,

    /// <summary>An actor that takes ever more memory.</summary>
    Leak,
}
