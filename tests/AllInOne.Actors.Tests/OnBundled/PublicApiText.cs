using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AllInOne.Actors.Tests.OnBundled;

/// <summary>Writes what an assembly shows to others: a block per type, a line per member, in the order of their names.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) => string.Join(
        '\n', assembly.GetExportedTypes().OrderBy(TypeText.Full, StringComparer.Ordinal).Select(Block));

    private static string Block(Type type)
    {
        var members = type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}")
            : Members(type);
        return string.Concat(members.Select(line => $"  {line}\n").Prepend($"{Head(type)}\n"));
    }

    private static string Head(Type type)
    {
        if (IsDelegate(type))
        {
            return $"delegate {TypeText.Full(type)}";
        }

        var above = (type is { BaseType: { } parent, IsValueType: false } && parent != typeof(object) ? [parent] : Array.Empty<Type>())
            .Concat(OwnInterfaces(type)).Select(TypeText.Of).ToList();
        return $"{Kind(type)} {TypeText.Full(type)}{(above.Count > 0 && !type.IsEnum ? " : " + string.Join(", ", above) : "")}";
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => IsRecord(type) ? "sealed record" : "sealed class",
        _ => IsRecord(type) ? "record" : "class",
    };

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static IEnumerable<Type> OwnInterfaces(Type type) => type.GetInterfaces()
        .Where(one => type.BaseType?.GetInterfaces().Contains(one) != true && !(IsRecord(type) && one == typeof(IEquatable<>).MakeGenericType(type)))
        .OrderBy(TypeText.Of, StringComparer.Ordinal);

    private static bool IsDelegate(Type type) => typeof(Delegate).IsAssignableFrom(type);

    private static IEnumerable<string> Members(Type type) => type.GetMembers(Declared)
        .Where(member => IsWritten(member) && IsVisible(member) && (!IsDelegate(type) || member.Name == "Invoke"))
        .OrderBy(member => member.Name, StringComparer.Ordinal)
        .ThenBy(MemberText.Of, StringComparer.Ordinal)
        .Select(MemberText.Of);

    /// <summary>False for what the compiler makes: a record's equality, the bodies of properties and events.</summary>
    private static bool IsWritten(MemberInfo member) =>
        member is not Type
        && !member.IsDefined(typeof(CompilerGeneratedAttribute))
        && member is not MethodInfo { IsSpecialName: true, Name: not ['o', 'p', '_', ..] };

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => IsVisible(method),
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        EventInfo one => IsVisible(one.AddMethod!),
        _ => false,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
}
