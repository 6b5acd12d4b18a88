namespace AllInOne.Core.Requests;

/// <summary>The work of the demo. It has two mistakes on purpose, which the server must survive.</summary>
internal static class Summation
{
    /// <summary>Calculates 1 + 2 + … + n step by step. It fails for 13. For a negative number it never ends, and it checks no token.</summary>
    public static long Of(long n)
    {
        if (n == 13)
        {
            throw new InvalidOperationException("13 is more than this calculation can bear");
        }

        var sum = 0L;
        for (var i = 1L; i != n + 1; i++)
        {
            sum = unchecked(sum + i);
        }

        return sum;
    }
}
