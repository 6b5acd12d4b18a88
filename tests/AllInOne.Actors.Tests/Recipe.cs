using System.Linq.Expressions;

namespace AllInOne.Actors.Tests;

/// <summary>Makes <see cref="Props"/> in classes that have another method of that name.</summary>
internal static class Recipe
{
    public static Props Of<T>(Expression<Func<T>> factory)
        where T : ActorBase => Props.Create(factory);
}
