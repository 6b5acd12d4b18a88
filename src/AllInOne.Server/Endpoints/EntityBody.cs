using System.Text.Json;
using AllInOne.Core.Entities;
using AllInOne.Server.Http;

namespace AllInOne.Server.Endpoints;

/// <summary>The body of <c>PUT /api/entities/{id}</c>: <c>{state, attributes, name, area, unit, class, virtual}</c>, of which only the state must be there.</summary>
internal static class EntityBody
{
    /// <summary>The replacement, or the problem to answer.</summary>
    public static (EntityReplacement? Replacement, Problem? Wrong) Read(JsonElement json, EntityLimits limits)
    {
        var members = new JsonMembers(json);
        var state = members.Scalar("state");
        var attributes = ReadAttributes(members, limits);
        var stateText = JsonText.From(state);
        Refuse(members, limits.FaultOfState(EntityLimits.SizeOf(stateText)));
        var replacement = new EntityReplacement(
            stateText,
            attributes,
            members.Text("name", EntityLimits.MaxTextLength),
            members.Text("area", EntityLimits.MaxTextLength),
            members.Text("unit", EntityLimits.MaxTextLength),
            members.Text("class", EntityLimits.MaxTextLength),
            members.Flag("virtual"));
        return members.Wrong() is { } wrong ? (null, wrong) : (replacement, null);
    }

    private static AttributeSet ReadAttributes(JsonMembers members, EntityLimits limits)
    {
        if (members.Object("attributes") is not { } json)
        {
            return AttributeSet.Empty;
        }

        // The count first: it costs nothing, whatever the body holds.
        if (Refuse(members, limits.FaultOfCount(json.GetPropertyCount())))
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

        var attributes = AttributeSet.From(pairs);
        Refuse(members, limits.FaultOfBytes(attributes.Bytes));
        return attributes;
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
