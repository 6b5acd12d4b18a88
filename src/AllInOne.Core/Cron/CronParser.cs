using AllInOne.Core.Values;

namespace AllInOne.Core.Cron;

/// <summary>Reads a cron expression: five fields as in crontab(5), or six or seven as in Quartz.</summary>
internal static class CronParser
{
    private static readonly Dictionary<string, string> Nicknames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@hourly"] = "0 * * * *",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@weekly"] = "0 0 * * 0",
        ["@monthly"] = "0 0 1 * *",
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
    };

    /// <summary>Returns the expression, or the error.</summary>
    public static (CronExpression? Expression, string? Wrong) Parse(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields is [['@', ..], ..])
        {
            if (fields.Length > 1 || !Nicknames.TryGetValue(fields[0], out var meaning))
            {
                return (null, $"is none of @hourly, @daily (@midnight), @weekly, @monthly and @yearly (@annually): '{Excerpt.Of(text.Trim())}'");
            }

            fields = meaning.Split(' ');
        }

        return fields.Length switch
        {
            5 => Parse(["0", .. fields], CronField.DayOfWeek),
            6 => Parse(fields, CronField.QuartzDayOfWeek),
            7 => Parse(fields[6] == "*" ? fields[..6] : fields, CronField.QuartzDayOfWeek),
            var count => (null, $"has {count} fields: five are a crontab's (minute, hour, day of month, month, day of week), six or seven Quartz' (second first, a year may follow)"),
        };
    }

    private static (CronExpression? Expression, string? Wrong) Parse(string[] texts, CronField dayOfWeek)
    {
        CronField[] fields = [CronField.Second, CronField.Minute, CronField.Hour, CronField.DayOfMonth, CronField.Month, dayOfWeek, CronField.Year];
        var read = fields.Zip(texts, (field, text) => new CronFieldReader(field).Read(text)).ToArray();
        if (read.FirstOrDefault(one => one.Wrong is not null) is { } wrong)
        {
            return (null, wrong.Wrong);
        }

        // A day must match both day fields if one of them is a star. In a crontab, a field that begins with a star counts as one (Vixie's rule, also
        // for */2); for Quartz, only the star itself does.
        var isCrontab = dayOfWeek == CronField.DayOfWeek;
        var isBoth = new[] { texts[3], texts[5] }.Any(text => text is "*" or "?" || (isCrontab && text[0] == '*'));
        var expression = new CronExpression(
            read[0].Values, read[1].Values, read[2].Values,
            new CronDays(read[3].Values, read[3].MonthDays, read[5].Values >> dayOfWeek.First, read[5].NamedDays, isBoth),
            read[4].Values, read.ElementAtOrDefault(6)?.Years,
            texts.Take(3).Any(text => text.AsSpan().ContainsAny('*', '-', '/')),
            [.. read.SelectMany(one => one.Notes)], read.Select(one => one.Foreign).FirstOrDefault(one => one is not null));
        return expression.Exists ? (expression, null)
            : (null, $"never comes due: no month '{Excerpt.Of(texts[4])}' has the day of month '{Excerpt.Of(texts[3])}' with the day of week '{Excerpt.Of(texts[5])}'{(texts.Length < fields.Length ? "" : $" in a year '{Excerpt.Of(texts[6])}'")}");
    }
}
