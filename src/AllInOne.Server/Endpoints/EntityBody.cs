using System.Text.Json;
using AllInOne.Core.Entities;
using AllInOne.Server.Http;

namespace AllInOne.Server.Endpoints;

/// <summary>The body of <c>PUT /api/entities/{id}</c>: <c>{state, attributes, name, area, unit, class, virtual}</c>, of which only the state must be there.</summary>
internal static class EntityBody
{
    public const int MaxTextLength = 256;
    public const int MaxAttributes = 256;
    public const int MaxAttributeNameLength = 128;

    /// <summary>The replacement, or the problem to answer.</summary>
    public static (EntityReplacement? Replacement, Problem? Wrong) Read(JsonElement json)
    {
        var members = new JsonMembers(json);
        var state = members.Scalar("state");
        var attributes = ReadAttributes(members);
        var replacement = new EntityReplacement(
            JsonText.From(state),
            attributes,
            members.Text("name", MaxTextLength),
            members.Text("area", MaxTextLength),
            members.Text("unit", MaxTextLength),
            members.Text("class", MaxTextLength),
            members.Flag("virtual"));
        return members.Wrong() is { } wrong ? (null, wrong) : (replacement, null);
    }

    private static AttributeSet ReadAttributes(JsonMembers members)
    {
        if (members.Object("attributes") is not { } json)
        {
            return AttributeSet.Empty;
        }

        var pairs = new List<KeyValuePair<string, JsonText>>();
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name.Length is 0 or > MaxAttributeNameLength)
            {
                members.Refuse("attributes", $"has a name that is not 1 to {MaxAttributeNameLength} characters long");
                return AttributeSet.Empty;
            }

            pairs.Add(new(member.Name, JsonText.From(member.Value)));
        }

        if (pairs.Count > MaxAttributes)
        {
            members.Refuse("attributes", $"has more than {MaxAttributes} members");
        }

        return AttributeSet.From(pairs);
    }
}
