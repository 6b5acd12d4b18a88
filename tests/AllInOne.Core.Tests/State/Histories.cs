namespace AllInOne.Core.Tests.State;

/// <summary>What one client did to a register and was told, with the moments between which it must have happened.</summary>
/// <param name="Written">What it wrote, whatever was there; null for a read, or a compare-and-set.</param>
/// <param name="Expected">What had to be there for <paramref name="Set"/> to be written.</param>
/// <param name="Told">A read's value; for a compare-and-set whether it was done (1 or 0).</param>
/// <param name="End"><see cref="long.MaxValue"/>: it may have happened or not, nobody was told.</param>
internal sealed record Act(long Begin, long End, int? Written, int? Expected, int? Set, int? Told);

/// <summary>
/// Whether a history of one key is linearizable: whether there is an order of its acts, each between its begin and its end, in which every
/// answer is right for a single register. The search of Wing and Gong with what has been tried remembered; for short histories.
/// </summary>
internal static class Histories
{
    public static bool IsLinearizable(IReadOnlyList<Act> acts)
    {
        var ordered = acts.OrderBy(act => act.Begin).ToArray();
        return Search(ordered, new bool[ordered.Length], 0, 0, []);
    }

    private static bool Search(Act[] acts, bool[] done, int count, int value, HashSet<(string Done, int Value)> tried)
    {
        if (count == acts.Length)
        {
            return true;
        }

        if (!tried.Add((new string([.. done.Select(one => one ? '1' : '0')]), value)))
        {
            return false;
        }

        // Only what began before the first end of all that is left can be next.
        var firstEnd = acts.Where((_, n) => !done[n]).Min(act => act.End);
        for (var n = 0; n < acts.Length && acts[n].Begin <= firstEnd; n++)
        {
            if (!done[n])
            {
                done[n] = true;
                if ((Next(acts[n], value) is { } next && Search(acts, done, count + 1, next, tried))
                    || (acts[n].End == long.MaxValue && Search(acts, done, count + 1, value, tried)))
                {
                    return true;
                }

                done[n] = false;
            }
        }

        return false;
    }

    /// <summary>What is there after an act; null when its answer cannot be.</summary>
    private static int? Next(Act act, int value) => act switch
    {
        { Written: { } written } => written,
        { Set: { } set, Told: 1 } => act.Expected == value ? set : null,
        { Set: { } set, Told: null } => act.Expected == value ? set : value,
        { Set: not null } => act.Expected == value ? null : value,
        _ => act.Told == value ? value : null,
    };
}
