namespace AllInOne.Core.Tests.State;

/// <summary>An operation of one client on a register with its answer, and the moments between which it must have happened.</summary>
/// <param name="Written">The value that it wrote, independent of the current value; null for a read, or a compare-and-set.</param>
/// <param name="Expected">The value that the register must have for <paramref name="Set"/> to be written.</param>
/// <param name="Answer">The value of a read; for a compare-and-set, whether it was done (1 or 0).</param>
/// <param name="End"><see cref="long.MaxValue"/>: it may have happened or not, because it was not answered.</param>
internal sealed record Act(long Begin, long End, int? Written, int? Expected, int? Set, int? Answer);

/// <summary>
/// The check whether a history of one key is linearizable: whether its operations have an order, each between its begin and its end, in which every
/// answer is right for a single register. It is the search of Wing and Gong, which remembers the tried states; for short histories.
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

        // The next operation must have begun before the first end of all remaining operations.
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

    /// <summary>The value after an operation; null if its answer is impossible.</summary>
    private static int? Next(Act act, int value) => act switch
    {
        { Written: { } written } => written,
        { Set: { } set, Answer: 1 } => act.Expected == value ? set : null,
        { Set: { } set, Answer: null } => act.Expected == value ? set : value,
        { Set: not null } => act.Expected == value ? null : value,
        _ => act.Answer == value ? value : null,
    };
}
