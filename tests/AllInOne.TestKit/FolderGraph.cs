using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AllInOne.TestKit;

/// <summary>
/// The uses between the folders of a project, read from the compiled assembly. A folder is the first part of a namespace below the namespace of the
/// project.
/// </summary>
public sealed class FolderGraph
{
    private readonly Dictionary<(string From, string To), SortedSet<string>> _uses = [];
    private readonly string _root;

    private FolderGraph(string root) => _root = root;

    /// <summary>Each use, with the types that cause it.</summary>
    public IReadOnlyDictionary<(string From, string To), SortedSet<string>> Uses => _uses;

    public IReadOnlyList<string> Folders => [.. _uses.Keys.SelectMany(use => new[] { use.From, use.To }).Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> References { get; private set; } = [];

    public static FolderGraph Of(Type inProject)
    {
        ArgumentNullException.ThrowIfNull(inProject);
        var root = inProject.Assembly.GetName().Name!;
        var graph = new FolderGraph(root);
        using var assembly = AssemblyDefinition.ReadAssembly(inProject.Assembly.Location);
        graph.References = [.. assembly.MainModule.AssemblyReferences.Select(reference => reference.Name)];
        foreach (var type in assembly.MainModule.GetTypes())
        {
            foreach (var used in Used(type))
            {
                graph.Add(type, used);
            }
        }

        return graph;
    }

    /// <summary>One cycle of folders, with the types that cause it; null if there is none.</summary>
    public string? Cycle() => CycleIn([.. _uses.Keys]) is { Count: > 0 } cycle
        ? string.Join("; ", cycle.Zip(cycle.Skip(1)).Select(step => $"{step.First} uses {step.Second}: {string.Join(", ", _uses[step].Take(5))}"))
        : null;

    /// <summary>The nodes of one cycle in order, with the first one again at the end; empty if there is none.</summary>
    public static IReadOnlyList<string> CycleIn(IReadOnlyCollection<(string From, string To)> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        var (done, path) = (new HashSet<string>(), new List<string>());
        return edges.Select(edge => Visit(edge.From)).FirstOrDefault(cycle => cycle.Count > 0) ?? [];

        List<string> Visit(string node)
        {
            if (path.IndexOf(node) is >= 0 and var start)
            {
                return [.. path.Skip(start), node];
            }

            if (!done.Add(node))
            {
                return [];
            }

            path.Add(node);
            var cycle = edges.Where(edge => edge.From == node).Select(edge => Visit(edge.To)).FirstOrDefault(found => found.Count > 0) ?? [];
            path.RemoveAt(path.Count - 1);
            return cycle;
        }
    }

    private void Add(TypeDefinition type, TypeReference used)
    {
        if (FolderOf(type) is not { Length: > 0 } from || FolderOf(used) is not { Length: > 0 } to || from == to)
        {
            return;
        }

        if (!_uses.TryGetValue((from, to), out var types))
        {
            _uses[(from, to)] = types = new SortedSet<string>(StringComparer.Ordinal);
        }

        types.Add($"{Outermost(type).Name} ({Outermost(used).Name})");
    }

    /// <summary>Null for a type of another project; empty for a type at the root.</summary>
    private string? FolderOf(TypeReference type)
    {
        var name = Outermost(type.GetElementType()).Namespace;
        return name == _root ? "" : name.StartsWith(_root + ".", StringComparison.Ordinal) ? name[(_root.Length + 1)..].Split('.')[0] : null;
    }

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<TypeReference> Used(TypeDefinition type)
    {
        List<TypeReference?> used = [type.BaseType, .. type.Interfaces.Select(one => one.InterfaceType), .. type.Fields.Select(field => field.FieldType)];
        foreach (var method in type.Methods)
        {
            used.AddRange(UsedBy(method));
        }

        return used.OfType<TypeReference>().SelectMany(Parts);
    }

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (var parameter in method.Parameters)
        {
            yield return parameter.ParameterType;
        }

        foreach (var operand in method.HasBody ? method.Body.Instructions.Select(instruction => instruction.Operand) : [])
        {
            switch (operand)
            {
                case TypeReference type:
                    yield return type;
                    break;
                case MethodReference called:
                    yield return called.DeclaringType;
                    foreach (var argument in (called as GenericInstanceMethod)?.GenericArguments ?? [])
                    {
                        yield return argument;
                    }

                    break;
                case FieldReference field:
                    yield return field.DeclaringType;
                    break;
                case VariableDefinition variable:
                    yield return variable.VariableType;
                    break;
            }
        }
    }

    private static IEnumerable<TypeReference> Parts(TypeReference type) =>
        type is GenericInstanceType generic ? [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)]
        : type is TypeSpecification wrapped ? Parts(wrapped.ElementType)
        : type is GenericParameter ? []
        : [type];
}
