using System.Reflection;

namespace AllInOne.Actors.Tests.OnBundled;

/// <summary>A type as C# writes it, without its namespace.</summary>
internal static class TypeText
{
    /// <summary>With the types that it is nested in.</summary>
    public static string Full(Type type) => type.DeclaringType is { } outer ? $"{Full(outer)}.{Of(type)}" : Of(type);

    public static string Of(Type type) => Of(type, null);

    public static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, nullability);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }

        var mark = nullability?.ReadState == NullabilityState.Nullable && !type.IsValueType && !type.IsGenericParameter ? "?" : "";
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        }

        if (!type.IsGenericType)
        {
            return Keyword(type) + mark;
        }

        var arguments = type.GetGenericArguments()
            .Select((one, index) => Of(one, nullability?.GenericTypeArguments.ElementAtOrDefault(index)));
        return $"{type.Name.Split('`')[0]}<{string.Join(", ", arguments)}>{mark}";
    }

    public static string Constraints(Type parameter)
    {
        var flags = parameter.GenericParameterAttributes & GenericParameterAttributes.SpecialConstraintMask;
        var all = parameter.GetGenericParameterConstraints().Select(Of).ToList();
        if (flags != 0)
        {
            all.Insert(0, flags.ToString());
        }

        return all.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", all)}";
    }

    private static string Keyword(Type type) => type.FullName switch
    {
        "System.Void" => "void",
        "System.Object" => "object",
        "System.String" => "string",
        "System.Boolean" => "bool",
        "System.Int32" => "int",
        "System.UInt32" => "uint",
        "System.Int64" => "long",
        "System.Double" => "double",
        _ => type.Name,
    };
}
