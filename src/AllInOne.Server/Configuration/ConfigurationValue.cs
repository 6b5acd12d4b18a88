using System.ComponentModel;
using System.Globalization;

namespace AllInOne.Server.Configuration;

/// <summary>What the text of one configuration value has to be, by the type of the property that it is bound to.</summary>
internal static class ConfigurationValue
{
    public static bool IsValue(Type type) =>
        type == typeof(string) || (type.IsValueType && TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)));

    /// <summary>What is expected instead, as a phrase ("a whole number"); null when the text is right.</summary>
    public static string? Expected(Type type, string text)
    {
        if (type == typeof(string) || (!IsAmbiguous(type, text) && Converts(type, text)))
        {
            return null;
        }

        return type switch
        {
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(TimeSpan) => "a duration such as 00:00:30, 00:00:00.250 or 30.00:00:00 (30 days)",
            _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant())),
            _ when type == typeof(double) || type == typeof(float) || type == typeof(decimal) => "a number",
            _ when type.IsPrimitive => WholeNumber(type),
            _ => $"a {type.Name}",
        };
    }

    // "100" would be read as a hundred days, and "3" as an enum's third name.
    private static bool IsAmbiguous(Type type, string text) =>
        (type == typeof(TimeSpan) && !text.Contains(':', StringComparison.Ordinal))
        || (type.IsEnum && !Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase));

    private static bool Converts(Type type, string text)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) is not null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static string WholeNumber(Type type) => string.Create(
        CultureInfo.InvariantCulture,
        $"a whole number from {type.GetField("MinValue")?.GetValue(null)} to {type.GetField("MaxValue")?.GetValue(null)}");
}
