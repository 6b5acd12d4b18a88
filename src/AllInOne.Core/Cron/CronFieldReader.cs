using System.Globalization;
using System.Text.RegularExpressions;
using AllInOne.Core.Values;

namespace AllInOne.Core.Cron;

/// <summary>
/// Reads one field: a list of <c>*</c>, values, ranges <c>a-b</c>, steps <c>*/n</c> and <c>a-b/n</c>, and days that depend on the calendar of a
/// month.
/// </summary>
internal sealed partial class CronFieldReader(CronField kind)
{
    /// <summary>The maximum number of notes, because a list may have a thousand items.</summary>
    private const int MostNotes = 5;

    /// <summary>A bit for each value; years are in <see cref="Years"/>.</summary>
    public ulong Values { get; private set; }

    public SortedSet<int>? Years { get; private set; }

    public IReadOnlyList<MonthDay> MonthDays { get; private set; } = [];

    public IReadOnlyList<NamedDay> NamedDays { get; private set; } = [];

    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>The first part that Vixie's cron does not know; null for none.</summary>
    public string? Foreign { get; private set; }

    /// <summary>The first error; null if there is none.</summary>
    public string? Wrong { get; private set; }

    private bool IsDayOfMonth => kind == CronField.DayOfMonth;

    private bool IsDayOfWeek => kind == CronField.DayOfWeek || kind == CronField.QuartzDayOfWeek;

    public CronFieldReader Read(string text)
    {
        foreach (var item in text.Split(','))
        {
            if (item.Length == 0)
            {
                Refuse(text, "has an empty place in its list");
            }
            else if (IsDayOfMonth && item.AsSpan().ContainsAny("LlWw"))
            {
                ReadMonthDay(item);
            }
            else if (IsDayOfWeek && item.AsSpan().ContainsAny("Ll#"))
            {
                ReadNamedDay(item);
            }
            else
            {
                ReadRange(item, text);
            }
        }

        return this;
    }

    private void ReadRange(string item, string text)
    {
        var (range, step) = item.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? (item[..slash], item[(slash + 1)..]) : (item, null);
        if (step is not null && (step.Trim('0').Length == 0 || !step.All(char.IsAsciiDigit)))
        {
            Refuse(item, $"has the step '{Excerpt.Of(step)}', and a step is a whole number from 1");
            return;
        }

        var (first, last) = (kind.First, kind.Last);
        if (range.Split('-', 2) is [var from, var to])
        {
            (first, last) = (Value(from, item), Value(to, item));
        }
        else if (range != "*")
        {
            var isAny = text == "?" && (IsDayOfMonth || IsDayOfWeek);
            Foreign ??= step is not null || isAny ? item : null;
            // Quartz writes /5 for */5.
            if (range.Length > 0 && !isAny)
            {
                first = Value(range, item);
                last = step is null ? first : Math.Max(first, kind.First + kind.Cycle - 1);
            }
        }

        if (Wrong is null)
        {
            Add(item, first, last, step is null ? 1 : long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var each) ? each : int.MaxValue);
        }
    }

    private void Add(string item, int first, long last, long step)
    {
        if (last < first)
        {
            if (kind == CronField.Year)
            {
                Refuse(item, "goes backwards");
                return;
            }

            Foreign ??= item;
            last += kind.Cycle;
        }

        if (step > 1 && step > last - first && Notes.Count < MostNotes)
        {
            Notes = [.. Notes, string.Create(CultureInfo.InvariantCulture, $"has the {kind.Name} '{Excerpt.Of(item)}', whose step is longer than its range: it is the same as {first}")];
        }

        for (long value = first; value <= last; value += step)
        {
            Add(kind.Fold(value));
        }
    }

    private void Add(int value)
    {
        if (kind == CronField.Year)
        {
            (Years ??= []).Add(value);
        }
        else
        {
            Values |= 1UL << value;
        }
    }

    private void ReadMonthDay(string item)
    {
        Foreign ??= item;
        var match = MonthDayPattern().Match(item);
        var number = match.Groups["number"].Value;
        if (!match.Success)
        {
            Refuse(item, "is not a value, nor L, L-3, LW or 15W");
        }
        else if (!match.Groups["last"].Success)
        {
            MonthDays = [.. MonthDays, new MonthDay(Value(number, item), false, true)];
        }
        else if (number.Length > 2 || (number.Length > 0 && int.Parse(number, CultureInfo.InvariantCulture) >= kind.Last))
        {
            Refuse(item, "goes back beyond the first day of a month");
        }
        else
        {
            MonthDays = [.. MonthDays, new MonthDay(number.Length == 0 ? 0 : int.Parse(number, CultureInfo.InvariantCulture), true, match.Groups["weekday"].Success)];
        }
    }

    private void ReadNamedDay(string item)
    {
        Foreign ??= item;
        if (item is "L" or "l")
        {
            // As in Quartz: L is the last day of a week that begins on Sunday, so it is Saturday.
            Add(kind.First + kind.Cycle - 1);
        }
        else if (item[^1] is 'L' or 'l')
        {
            NamedDays = [.. NamedDays, new NamedDay(DayOf(item[..^1], item), 0)];
        }
        else if (item.Split('#') is [var day, [>= '1' and <= '5'] nth])
        {
            NamedDays = [.. NamedDays, new NamedDay(DayOf(day, item), nth[0] - '0')];
        }
        else
        {
            Refuse(item, "is not a value, nor L, FRIL or FRI#2 (up to 5)");
        }
    }

    private DayOfWeek DayOf(string text, string item) => (DayOfWeek)((Value(text, item) - kind.First) % kind.Cycle);

    private int Value(string text, string item)
    {
        var (value, wrong) = kind.Read(text, out var isFullName);
        if (wrong is not null)
        {
            Refuse(item, text.Length == 0 || text == item ? wrong : $"has '{Excerpt.Of(text)}', which {wrong}");
        }
        else if (isFullName)
        {
            Foreign ??= item;
        }

        return value;
    }

    private void Refuse(string part, string why) => Wrong ??= $"has the {kind.Name} '{Excerpt.Of(part)}', which {why}; allowed values are {kind.Allowed}";

    [GeneratedRegex("^(?:(?<last>[Ll])(?:-(?<number>[0-9]+))?(?<weekday>[Ww])?|(?<number>[0-9]+)[Ww])$")]
    private static partial Regex MonthDayPattern();
}
