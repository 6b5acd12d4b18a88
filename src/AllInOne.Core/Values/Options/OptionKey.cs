using System.Collections;
using System.Globalization;
using System.Reflection;

namespace AllInOne.Core.Values.Options;

/// <summary>
/// One key of the configuration: a property of an options class, and the object that has its value. The property of a section has the
/// section's name, so the classes themselves say which keys there are.
/// </summary>
/// <param name="Section">The path of the section with a colon at its end; empty at the root.</param>
/// <param name="Property">The property; its name is the last part of the key.</param>
/// <param name="Owner">The options object that has the property.</param>
public sealed record OptionKey(string Section, PropertyInfo Property, object Owner)
{
    /// <summary>The whole key, such as <c>Live:RingSize</c>.</summary>
    public string Key => Section + Property.Name;

    /// <summary>The value that is set, or else the default.</summary>
    public object? Value => Property.GetValue(Owner);

    /// <summary>The allowed values as a phrase, such as <c>1 to 100</c>; null if the key has no range.</summary>
    public string? Range => Allowed is not { } allowed ? null
        : allowed.Most is { } most ? $"{BoundText(allowed.Least)} to {BoundText(most)}"
        : $"{BoundText(allowed.Least)} or more";

    /// <summary>The error message if the value is outside of its range; otherwise null.</summary>
    public string? Problem => Allowed is not { } allowed || (Compare(allowed.Least) >= 0 && (allowed.Most is not { } most || Compare(most) <= 0))
        ? null
        : $"{Key} is {Text(Value)}; it takes {Range}";

    private AllowedAttribute? Allowed => Property.GetCustomAttribute<AllowedAttribute>();

    /// <summary>All keys of an options object and of the sections in it.</summary>
    /// <param name="options">An object of an options class.</param>
    /// <param name="section">The path of its section with a colon at its end; empty at the root.</param>
    public static IEnumerable<OptionKey> Of(object options, string section = "") =>
        Sections(options, section).SelectMany(one => Properties(one.Options).Where(property => !IsSection(property))
            .Select(property => new OptionKey(one.Path, property, one.Options)));

    /// <summary>One line for each wrong value: for those outside of their range, and for broken rules.</summary>
    /// <param name="options">An object of an options class.</param>
    /// <param name="section">The path of its section with a colon at its end; empty at the root.</param>
    public static IEnumerable<string> Problems(object options, string section = "") =>
        Of(options, section).Select(key => key.Problem).OfType<string>()
            .Concat(Sections(options, section).Select(one => one.Options).OfType<IOptionRules>().SelectMany(rules => rules.BrokenRules()));

    /// <summary>A value as it is written in the configuration.</summary>
    public static string Text(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        // The fraction has three digits if they are enough.
        TimeSpan duration when duration.Ticks % TimeSpan.TicksPerSecond != 0 && duration.Ticks % TimeSpan.TicksPerMillisecond == 0 =>
            duration.ToString("c", CultureInfo.InvariantCulture)[..^4],
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    private int Compare(object bound) => ((IComparable)Value!).CompareTo(
        Convert.ChangeType(Named(bound)?.GetValue(Owner) ?? Duration(bound), Property.PropertyType, CultureInfo.InvariantCulture));

    private string BoundText(object bound) => Named(bound) is { } other ? Section + other.Name : Text(Duration(bound));

    private PropertyInfo? Named(object bound) => bound is string name ? Owner.GetType().GetProperty(name) : null;

    private static object Duration(object bound) => bound is string text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : bound;

    private static IEnumerable<(string Path, object Options)> Sections(object options, string path) =>
        Properties(options).Where(IsSection).SelectMany(property => Sections(property.GetValue(options)!, $"{path}{property.Name}:")).Prepend((path, options));

    private static IEnumerable<PropertyInfo> Properties(object options) =>
        options.GetType().GetProperties().Where(property => property.SetMethod is { IsPublic: true });

    private static bool IsSection(PropertyInfo property) =>
        property.PropertyType is { IsValueType: false } type && type != typeof(string) && !type.IsAssignableTo(typeof(IEnumerable));
}
