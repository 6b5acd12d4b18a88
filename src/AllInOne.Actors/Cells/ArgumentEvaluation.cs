using System.Linq.Expressions;
using System.Reflection;

namespace AllInOne.Actors;

/// <summary>Evaluates a constructor argument: the common forms (constants, captured variables, members) without compiling.</summary>
internal static class ArgumentEvaluation
{
    public static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(Owner(member)),
        MemberExpression { Member: PropertyInfo property } member => property.GetValue(Owner(member)),
        UnaryExpression { NodeType: ExpressionType.Convert } conversion when IsReference(conversion) => Evaluate(conversion.Operand),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };

    private static object? Owner(MemberExpression member) => member.Expression is null ? null : Evaluate(member.Expression);

    /// <summary>A conversion that leaves the object as it is: an upcast, not one that runs code.</summary>
    private static bool IsReference(UnaryExpression conversion) =>
        conversion.Method is null && conversion.Type.IsAssignableFrom(conversion.Operand.Type) && !conversion.Operand.Type.IsValueType;
}
