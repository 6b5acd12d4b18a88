namespace AllInOne.Core.Requests;

/// <summary>The work of the demo, with two mistakes in it that a server must live with.</summary>
internal static class Summation
{
    /// <summary>1 + 2 + … + n, the long way. Fails for 13; for a negative number it never ends, and it looks at no token.</summary>
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
