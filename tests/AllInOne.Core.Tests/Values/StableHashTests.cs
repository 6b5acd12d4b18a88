using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Values;

public sealed class StableHashTests
{
    [Theory]
    [InlineData("", 0x2D06800538D394C2)]
    [InlineData("hits", 6016214239346912988)]
    [InlineData("session:ann", 3554485613950652966)]
    public void A_text_has_the_same_hash_in_every_process(string text, ulong hash) => Assert.Equal(hash, StableHash.Of(text));

    [Fact]
    public void Texts_are_evenly_distributed()
    {
        var counts = new int[7];
        for (var n = 0; n < 70_000; n++)
        {
            counts[StableHash.Place($"session:{n}", counts.Length)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }
}
