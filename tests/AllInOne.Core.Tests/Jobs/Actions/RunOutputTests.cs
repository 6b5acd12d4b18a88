using System.Text;
using AllInOne.Core.Jobs.Running;

namespace AllInOne.Core.Tests.Jobs.Actions;

public sealed class RunOutputTests
{
    [Fact]
    public void The_end_of_the_output_is_kept_however_it_is_divided()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var most = random.Next(1, 40);
            var (output, all) = (new RunOutput(most), new StringBuilder());
            for (var piece = random.Next(6); piece >= 0; piece--)
            {
                var text = new string((char)('a' + piece), random.Next(60));
                output.Write(text);
                all.Append(text);
            }

            var expected = all.ToString();
            Assert.Equal(expected.Length == 0 ? null : expected[^Math.Min(most, expected.Length)..], output.Text());
        }
    }

    [Fact]
    public void A_character_that_is_cut_is_left_out_and_bytes_that_are_no_text_do_no_harm()
    {
        var output = new RunOutput(4);
        output.Write("aé°");
        Assert.Equal("é°", output.Text());
        output.Write("x");
        Assert.Equal("°x", output.Text());
        output.Write([0xFF, 0, 0x80, (byte)'y']);
        Assert.EndsWith("y", output.Text(), StringComparison.Ordinal);
        var none = new RunOutput(0);
        none.Write("x");
        Assert.Null(none.Text());
    }
}
