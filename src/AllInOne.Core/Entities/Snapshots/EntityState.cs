using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities.Snapshots;

/// <summary>
/// The changes of an entity as pure functions of the current snapshot (null: it does not exist), the requested change, and the time. If a function
/// returns the same instance, nothing changed: there is no new version and no event.
/// </summary>
internal static class EntityState
{
    private const string VirtualDomains = "input_";

    public static EntitySnapshot Apply(EntitySnapshot? current, EntityReport report, DateTimeOffset now)
    {
        if (current is null)
        {
            return new EntitySnapshot(
                report.Id,
                report.State ?? JsonText.Null,
                AttributeSet.From(report.Attributes),
                report.Name,
                report.Area,
                report.Unit,
                report.Class,
                IsVirtual(report.Id),
                Available: true,
                Version: 1,
                Changed: now,
                Updated: now);
        }

        // Compare before copying, because most reports change nothing.
        if (!Differs(current, report))
        {
            return current;
        }

        var state = report.State ?? current.State;
        return current with
        {
            State = state,
            Attributes = current.Attributes.Merge(report.Attributes),
            Name = report.Name ?? current.Name,
            Area = report.Area ?? current.Area,
            Unit = report.Unit ?? current.Unit,
            Class = report.Class ?? current.Class,
            Available = true,
            Version = current.Version + 1,
            Changed = state == current.State ? current.Changed : now,
            Updated = now,
        };
    }

    /// <summary>Applies a PUT, which replaces everything: absent members are removed.</summary>
    public static EntitySnapshot Replace(EntitySnapshot? current, EntityId id, EntityReplacement asked, DateTimeOffset now)
    {
        var next = new EntitySnapshot(
            id,
            asked.State,
            asked.Attributes,
            asked.Name,
            asked.Area,
            asked.Unit,
            asked.Class,
            asked.Virtual || IsVirtual(id),
            Available: true,
            Version: current?.Version ?? 0,
            Changed: current?.Changed ?? now,
            Updated: current?.Updated ?? now);
        return next == current
            ? current
            : next with
            {
                Version = next.Version + 1,
                Changed = current is not null && current.State == next.State ? current.Changed : now,
                Updated = now,
            };
    }

    private static bool IsVirtual(EntityId id) => id.DomainSpan.StartsWith(VirtualDomains, StringComparison.Ordinal);

    private static bool Differs(EntitySnapshot current, EntityReport report) =>
        (report.State is { } state && state != current.State)
        || !current.Available
        || Differs(report.Name, current.Name)
        || Differs(report.Area, current.Area)
        || Differs(report.Unit, current.Unit)
        || Differs(report.Class, current.Class)
        || Differs(report.Attributes, current.Attributes);

    private static bool Differs(string? reported, string? current) => reported is not null && reported != current;

    private static bool Differs(IReadOnlyList<KeyValuePair<string, JsonText>> reported, AttributeSet current)
    {
        for (var i = 0; i < reported.Count; i++)
        {
            if (!current.TryGetValue(reported[i].Key, out var value) || value != reported[i].Value)
            {
                return true;
            }
        }

        return false;
    }
}
