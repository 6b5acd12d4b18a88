using System.Globalization;

namespace AllInOne.Core.Backups;

/// <summary>
/// The name of a backup and of its file: <c>allinone-20260131T120000123Z.zip</c>, which is the time of its start with milliseconds. Other files in
/// the directory are ignored, and no other name leads to a file.
/// </summary>
public readonly record struct BackupName : IComparable<BackupName>
{
    private const string Format = "'allinone-'yyyyMMdd'T'HHmmssfff'Z.zip'";

    private BackupName(DateTimeOffset time) => Time = time;

    /// <summary>The time of its start.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The name of a backup that starts at this time, cut to the millisecond.</summary>
    public static BackupName At(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return new BackupName(utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMillisecond)));
    }

    public static bool TryParse(string? text, out BackupName name)
    {
        var fits = DateTimeOffset.TryParseExact(
            text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time);
        name = new BackupName(time);
        // The text must be exact: a date parser may accept other spellings, which are other file names.
        return fits && name.ToString() == text;
    }

    public int CompareTo(BackupName other) => Time.CompareTo(other.Time);

    public override string ToString() => Time.ToString(Format, CultureInfo.InvariantCulture);

    public static bool operator <(BackupName left, BackupName right) => left.CompareTo(right) < 0;

    public static bool operator >(BackupName left, BackupName right) => left.CompareTo(right) > 0;

    public static bool operator <=(BackupName left, BackupName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(BackupName left, BackupName right) => left.CompareTo(right) >= 0;
}
