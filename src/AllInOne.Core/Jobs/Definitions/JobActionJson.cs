using System.Text.Json;
using AllInOne.Core.Entities.Commands;
using AllInOne.Core.State;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Definitions;

/// <summary>Reads and writes actions as JSON: the <c>type</c> and its members.</summary>
internal static class JobActionJson
{
    private const int MostText = 64 * 1024;

    private enum Kind
    {
        Http,
        Command,
        State,
        Entity,
        Retention,
        Backup,
        None,
    }

    /// <summary>Reads the member <c>action</c>; null if it is invalid, and then there are errors.</summary>
    public static JobAction? Read(JsonMembers all)
    {
        if (all.Members("action") is not { } members)
        {
            all.Refuse("action", "is missing");
            return null;
        }

        var action = members.OneOf<Kind>("type", needed: true) switch
        {
            Kind.Http => Http(members),
            Kind.Command => Command(members),
            Kind.State => State(members),
            Kind.Entity => Entity(members),
            Kind.Retention => new JobAction.Retention(members.OneOf<RetentionOf>("of", needed: true) ?? default),
            Kind.Backup => new JobAction.Backup(),
            Kind.None => new JobAction.None(),
            _ => (JobAction?)null,
        };
        if (action is not null)
        {
            members.End();
        }

        return action;
    }

    /// <param name="isShown">Whether a client sees it: then <see cref="JobSecrets"/> hides secret values.</param>
    public static void Write(Utf8JsonWriter writer, JobAction action, bool isShown)
    {
        writer.WriteStartObject("action"u8);
        writer.WriteString("type"u8, action.Type);
        switch (action)
        {
            case JobAction.Http http:
                Write(writer, http, isShown);
                break;
            case JobAction.Command command:
                Write(writer, command, isShown);
                break;
            case JobAction.State state:
                Write(writer, state);
                break;
            case JobAction.Entity entity:
                Write(writer, entity);
                break;
            case JobAction.Retention retention:
                writer.WriteString("of"u8, JobDefinitionJson.Name(retention.Of));
                break;
            default:
                break;
        }

        writer.WriteEndObject();
    }

    private static JobAction.Http Http(JsonMembers members)
    {
        var method = members.Text("method", 16) ?? "GET";
        if (method.Length == 0 || !method.All(char.IsAsciiLetterUpper))
        {
            members.Refuse("method", "must be a method such as GET or POST");
        }

        var address = members.Text("url", 2048, needed: true);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            url = new Uri("http://localhost");
            if (address is not null)
            {
                members.Refuse("url", "must be a whole address that begins with http:// or https://");
            }
        }
        else if (url.UserInfo.Length > 0)
        {
            members.Refuse("url", "has a user in it, which would not be sent, but shown to all clients: use a header Authorization");
        }

        var headers = members.Map("headers", 64, 8192);
        foreach (var (name, value) in headers.Where(header => !IsHeader(header.Key, header.Value)))
        {
            members.Refuse("headers", $"{Excerpt.Of(name)} is no header, or its value has a line break");
        }

        return new JobAction.Http(method, url, headers, members.Text("body", MostText), Expect(members));
    }

    private static bool IsHeader(string name, string value) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)) && !value.AsSpan().ContainsAny('\r', '\n');

    private static IReadOnlyList<int> Expect(JsonMembers members)
    {
        var given = members.Value("expect");
        switch (given.ValueKind)
        {
            case JsonValueKind.Undefined:
                return [];
            case JsonValueKind.Number when IsStatus(given):
                return [given.GetInt32()];
            case JsonValueKind.Array when given.GetArrayLength() <= 32 && given.EnumerateArray().All(IsStatus):
                return [.. given.EnumerateArray().Select(each => each.GetInt32())];
            default:
                members.Refuse("expect", "must be a status from 100 to 599, or an array of them");
                return [];
        }
    }

    private static bool IsStatus(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var status) && status is >= 100 and <= 599;

    private static JobAction.Command Command(JsonMembers members)
    {
        var file = members.Text("file", 4096, needed: true) ?? "";
        var (args, env, directory) = (members.Texts("args", 256, MostText), members.Map("env", 256, MostText), members.Text("directory", 4096));
        if (env.Keys.Any(name => name.Contains('=', StringComparison.Ordinal)))
        {
            members.Refuse("env", "a name has no '='");
        }

        return new JobAction.Command(file, args, env, directory);
    }

    private static JobAction.State State(JsonMembers members)
    {
        var op = members.OneOf<StateOp>("op", needed: true);
        var text = members.Text("key", StateKey.MaxLength, needed: true);
        if (!StateKey.TryParse(text, out var key) && text is not (null or ""))
        {
            members.Refuse("key", StateKey.Rule);
        }

        var value = members.Value("value");
        if (value.ValueKind != JsonValueKind.Undefined && op is StateOp.Delete or StateOp.Increment or StateOp.Touch)
        {
            members.Refuse("value", $"is nothing to {JobDefinitionJson.Name(op.Value)}");
        }

        return new JobAction.State(
            op ?? default, key, value.ValueKind == JsonValueKind.Undefined ? default : value.Clone(), members.Exact("by", 1),
            members.Duration("ttl", TimeSpan.FromMilliseconds(1), StateOptions.LongestTtl));
    }

    private static JobAction.Entity Entity(JsonMembers members)
    {
        var text = members.Text("id", EntityId.MaxLength, needed: true);
        if (!EntityId.TryParse(text, out var id) && text is not null)
        {
            members.Refuse("id", "must be an entity id: domain.object_id, such as light.hall");
        }

        var command = members.Text("command", EntityCommand.MaxNameLength, needed: true) ?? "";
        var parameters = members.Value("parameters");
        if (parameters.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
        {
            members.Refuse("parameters", "must be an object");
        }

        return new JobAction.Entity(id, command, parameters.ValueKind == JsonValueKind.Undefined ? null : JsonText.From(parameters));
    }

    private static void Write(Utf8JsonWriter writer, JobAction.Http http, bool isShown)
    {
        writer.WriteString("method"u8, http.Method);
        writer.WriteString("url"u8, http.Url.OriginalString);
        Write(writer, "headers", http.Headers, name => isShown && JobSecrets.IsHiddenHeader(name));
        writer.WriteString("body"u8, http.Body);
        writer.WriteStartArray("expect"u8);
        foreach (var status in http.Expect)
        {
            writer.WriteNumberValue(status);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, JobAction.Command command, bool isShown)
    {
        writer.WriteString("file"u8, command.File);
        writer.WriteStartArray("args"u8);
        foreach (var argument in command.Args)
        {
            writer.WriteStringValue(argument);
        }

        writer.WriteEndArray();
        Write(writer, "env", command.Env, name => isShown && JobSecrets.IsHiddenVariable(name));
        writer.WriteString("directory"u8, command.Directory);
    }

    private static void Write(Utf8JsonWriter writer, JobAction.State state)
    {
        writer.WriteString("op"u8, JobDefinitionJson.Name(state.Op));
        writer.WriteString("key"u8, state.Key.Value);
        if (state.Value.ValueKind != JsonValueKind.Undefined)
        {
            writer.WritePropertyName("value"u8);
            state.Value.WriteTo(writer);
        }

        if (state.Op == StateOp.Increment)
        {
            writer.WriteNumber("by"u8, state.By);
        }

        if (state.Ttl is { } ttl)
        {
            writer.WriteString("ttl"u8, IsoDuration.Write(ttl));
        }
    }

    private static void Write(Utf8JsonWriter writer, JobAction.Entity entity)
    {
        writer.WriteString("id"u8, entity.Id.Value);
        writer.WriteString("command"u8, entity.Name);
        if (entity.Parameters is { } parameters)
        {
            writer.WritePropertyName("parameters"u8);
            parameters.WriteTo(writer);
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string> map, Func<string, bool> isHidden)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            writer.WriteString(key, isHidden(key) ? JobSecrets.Hidden : value);
        }

        writer.WriteEndObject();
    }
}
