using System.Reflection;
using System.Runtime.CompilerServices;

namespace AllInOne.Actors.Tests.Abandoning;

/// <summary>An update of Akka.NET may move a member that is not public. These tests name that member.</summary>
public sealed class AkkaInternalsTests
{
    public static TheoryData<string> Accessors =>
        [.. typeof(AkkaInternals).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(method => method.IsDefined(typeof(UnsafeAccessorAttribute)))
            .Select(method => method.ToString()!)];

    [Fact]
    public void No_member_that_is_needed_is_missing()
    {
        var missing = AkkaInternals.Missing();

        Assert.True(missing.Count == 0, $"This version of Akka.NET has no {string.Join(", no ", missing)}: see AkkaInternals.cs for what each is needed.");
    }

    /// <summary>A check of the name is not enough: a member with another type or signature fails only when the accessor is compiled.</summary>
    [Theory]
    [MemberData(nameof(Accessors))]
    public void Each_accessor_can_be_called(string accessor)
    {
        var method = typeof(AkkaInternals).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Single(one => one.ToString() == accessor);

        RuntimeHelpers.PrepareMethod(method.MethodHandle);
    }

    [Fact]
    public void An_accessor_of_a_missing_member_cannot_be_called()
    {
        var moved = typeof(AkkaInternalsTests).GetMethod(nameof(Moved), BindingFlags.Static | BindingFlags.NonPublic)!;

        Assert.Throws<MissingFieldException>(() => RuntimeHelpers.PrepareMethod(moved.MethodHandle));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_moved")]
    private static extern ref object? Moved(ActorCell cell);
}
