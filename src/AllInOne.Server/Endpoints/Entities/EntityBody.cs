using System.Text.Json;
using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Entities;

/// <summary>
/// The body of <c>PUT /api/entities/{id}</c>: <c>{state, attributes, name, area, unit, class, virtual}</c>, of which only the state is required.
/// </summary>
internal static class EntityBody
{
    /// <summary>Returns the replacement, or the problem to answer. The entity itself refuses a replacement that is too large.</summary>
    /// <param name="entities">Provides the maximum and the current number of attributes of the entity.</param>
    public static (EntityReplacement? Replacement, Problem? Wrong) Read(JsonElement json, EntityDirectory entities, EntityId id)
    {
        var members = new JsonMembers(json);
        var state = members.Scalar("state");
        var attributes = ReadAttributes(members, entities, id);
        var replacement = new EntityReplacement(
            JsonText.From(state),
            attributes,
            members.Text("name", EntityLimits.MaxTextLength),
            members.Text("area", EntityLimits.MaxTextLength),
            members.Text("unit", EntityLimits.MaxTextLength),
            members.Text("class", EntityLimits.MaxTextLength),
            members.Flag("virtual"));
        return members.Wrong() is { } wrong ? (null, wrong) : (replacement, null);
    }

    private static AttributeSet ReadAttributes(JsonMembers members, EntityDirectory entities, EntityId id)
    {
        if (members.FreeObject("attributes") is not { } json)
        {
            return AttributeSet.Empty;
        }

        // The count first, because it is cheap for every body. The entity may have more attributes already, stored by an earlier version.
        var count = json.GetPropertyCount();
        if (entities.Limits.FaultOfCount(count) is not null
            && Refuse(members, entities.Limits.FaultOfCount(count, entities.Find(id)?.Attributes.Count ?? 0)))
        {
            return AttributeSet.Empty;
        }

        var pairs = new List<KeyValuePair<string, JsonText>>();
        foreach (var member in json.EnumerateObject())
        {
            if (Refuse(members, EntityLimits.FaultOfName(member.Name)))
            {
                return AttributeSet.Empty;
            }

            pairs.Add(new(member.Name, JsonText.From(member.Value)));
        }

        return AttributeSet.From(pairs);
    }

    private static bool Refuse(JsonMembers members, EntityFault? fault)
    {
        if (fault is not null)
        {
            members.Refuse(fault.Member, fault.Reason);
        }

        return fault is not null;
    }
}
