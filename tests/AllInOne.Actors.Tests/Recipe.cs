using System.Linq.Expressions;

namespace AllInOne.Actors.Tests;

/// <summary>Makes <see cref="Props"/> where a method of that name stands in the way.</summary>
internal static class Recipe
{
    public static Props Of<T>(Expression<Func<T>> factory)
        where T : ActorBase => Props.Create(factory);
}
