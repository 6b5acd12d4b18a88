using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Limits;

/// <summary>A test on a disk that is really full or broken; skipped with the reason if no such disk can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Missing;
}
