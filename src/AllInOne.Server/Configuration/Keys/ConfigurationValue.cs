using System.ComponentModel;
using System.Globalization;

namespace AllInOne.Server.Configuration.Keys;

/// <summary>The check of the text of one configuration value, by the type of its property.</summary>
internal static class ConfigurationValue
{
    public static bool IsValue(Type type) =>
        type == typeof(string) || (type.IsValueType && TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)));

    /// <summary>The expected form, as a phrase ("a whole number"); null if the text is valid.</summary>
    public static string? Expected(Type type, string text)
    {
        if (type == typeof(string) || Converts(type, text))
        {
            return null;
        }

        return type switch
        {
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(TimeSpan) => ConfigurationDuration.Form,
            _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant())),
            _ when type == typeof(double) || type == typeof(float) || type == typeof(decimal) => "a number",
            _ when type.IsPrimitive => WholeNumber(type),
            _ => $"a {type.Name}",
        };
    }

    /// <summary>Converts a value for the binder, which reads durations in other forms than <see cref="ConfigurationDuration"/>.</summary>
    public static string ForBinder(Type type, string text) =>
        type == typeof(TimeSpan) && ConfigurationDuration.TryRead(text, out var duration) ? duration.ToString("c", CultureInfo.InvariantCulture) : text;

    private static bool Converts(Type type, string text)
    {
        if (type == typeof(TimeSpan))
        {
            return ConfigurationDuration.TryRead(text, out _);
        }

        // The converter would accept "3" as the value of an enum.
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase);
        }

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
