using System.Globalization;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Events.History;

/// <summary>A position in the history of an entity: after this time (in microseconds) and seq.</summary>
internal readonly record struct HistoryCursor(long Time, long Seq)
{
    public static HistoryCursor After(HistoryItem item) => new(Microseconds.From(item.Time), item.Seq);

    /// <summary>The position before the first event of this time.</summary>
    public static HistoryCursor Before(DateTimeOffset? time) =>
        time is { } from ? new HistoryCursor(Microseconds.From(from), 0) : new HistoryCursor(long.MinValue, 0);

    public static bool TryParse(string text, out HistoryCursor cursor)
    {
        cursor = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0
            || !long.TryParse(text.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
            || !long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
        {
            return false;
        }

        cursor = new HistoryCursor(time, seq);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time}.{Seq}");
}
