using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AllInOne.Actors.Tests.OnBundled;

/// <summary>One member as a line.</summary>
internal static class MemberText
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"{Access(constructor)}constructor({Parameters(constructor)})",
        MethodInfo method => Of(method),
        PropertyInfo property => Of(property),
        FieldInfo field => $"{(field.IsPublic ? "" : "protected ")}{FieldKind(field)}{TypeText.Of(field.FieldType, Nullability.Create(field))} {field.Name}{Value(field)}",
        EventInfo one => $"event {TypeText.Of(one.EventHandlerType!)} {one.Name}",
        _ => member.ToString()!,
    };

    private static string Of(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(one => one.Name))}>"
            : "";
        var constraints = string.Concat(method.IsGenericMethodDefinition
            ? method.GetGenericArguments().Select(TypeText.Constraints)
            : []);
        return $"{Access(method)}{Kind(method)}{TypeText.Of(method.ReturnType, Nullability.Create(method.ReturnParameter))} {method.Name}{generic}({Parameters(method)}){constraints}";
    }

    private static string Of(PropertyInfo property)
    {
        var accessors = string.Concat(property.GetAccessors(nonPublic: true)
            .Where(one => one.IsPublic || one.IsFamily || one.IsFamilyOrAssembly)
            .Select(one => $" {(one.IsPublic ? "" : "protected ")}{AccessorName(one)};"));
        var first = property.GetAccessors(nonPublic: true)[0];
        return $"{Kind(first)}{TypeText.Of(property.PropertyType, Nullability.Create(property))} {property.Name} {{{accessors} }}";
    }

    private static string AccessorName(MethodInfo accessor) =>
        accessor.Name.StartsWith("get_", StringComparison.Ordinal) ? "get"
        : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init"
        : "set";

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Kind(MethodInfo method) => method switch
    {
        { DeclaringType.IsInterface: true } => "",
        { IsStatic: true } => "static ",
        { IsAbstract: true } => "abstract ",
        { IsVirtual: true, IsFinal: false } when method.GetBaseDefinition() != method => "override ",
        { IsVirtual: true, IsFinal: true } when method.GetBaseDefinition() != method => "sealed override ",
        { IsVirtual: true, IsFinal: false } => "virtual ",
        _ => "",
    };

    private static string FieldKind(FieldInfo field) => field switch
    {
        { IsLiteral: true } => "const ",
        { IsStatic: true, IsInitOnly: true } => "static readonly ",
        { IsStatic: true } => "static ",
        _ => "",
    };

    private static string Value(FieldInfo field) => field.IsLiteral ? $" = {Text(field.GetRawConstantValue())}" : "";

    private static string Parameters(MethodBase method)
    {
        var first = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return first + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var way = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.IsOut ? "out " : "";
        var value = parameter.HasDefaultValue ? $" = {Text(parameter.DefaultValue)}" : "";
        return $"{way}{TypeText.Of(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
