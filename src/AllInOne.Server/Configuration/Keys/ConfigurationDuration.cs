using System.Globalization;
using System.Text.RegularExpressions;

namespace AllInOne.Server.Configuration.Keys;

/// <summary>
/// A duration in the configuration: <c>hh:mm:ss</c>, <c>hh:mm:ss.fff</c>, either of them with days (<c>d.hh:mm:ss</c>), or <c>0</c>. Without
/// days, hours may exceed 23; <see cref="TimeSpan.Parse(string)"/> would read <c>24:00:00</c> as 24 days.
/// </summary>
internal static partial class ConfigurationDuration
{
    /// <summary>The accepted forms, as a phrase for error messages.</summary>
    public const string Form = "0 or a duration such as 00:00:30, 00:00:00.250, 36:00:00 (36 hours) or 30.00:00:00 (30 days)";

    public static bool TryRead(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        var groups = Pattern().Match(text).Groups;
        var hours = Number(groups["hours"].Value);
        if (!groups["hours"].Success || (groups["days"].Success && hours > 23))
        {
            return false;
        }

        duration = new TimeSpan(Number(groups["days"].Value), hours, Number(groups["minutes"].Value), Number(groups["seconds"].Value))
            + TimeSpan.FromTicks(Number(groups["fraction"].Value.PadRight(7, '0')));
        return true;
    }

    private static int Number(string digits) => digits.Length == 0 ? 0 : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    // The numbers of digits are limited, so that no value overflows a TimeSpan.
    [GeneratedRegex(@"^((?<days>[0-9]{1,6})\.)?(?<hours>[0-9]{1,7}):(?<minutes>[0-5]?[0-9]):(?<seconds>[0-5]?[0-9])(\.(?<fraction>[0-9]{1,7}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
