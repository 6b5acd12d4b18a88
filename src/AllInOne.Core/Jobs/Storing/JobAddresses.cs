using AllInOne.Core.Supervision;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>The addresses of the actors of <c>/user/jobs</c>. An actor that was away reads what it missed from the definitions and from the file.</summary>
internal sealed class JobAddresses
{
    /// <summary>The address of <c>/user/jobs/clock</c>.</summary>
    public ActorAddress Clock { get; } = new("/user/jobs/clock", ActorAddress.UsualCapacity);

    /// <summary>The address of <c>/user/jobs/runs</c>.</summary>
    public ActorAddress Runs { get; } = new("/user/jobs/runs", ActorAddress.UsualCapacity);
}
