using System.Text.Json;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities.Commands;

/// <summary>
/// The commands of an entity without a device, as a pure function from a command to the new state. On and off are <c>"on"</c> and <c>"off"</c>, or true
/// and false if the current state is one of these. Only the command <c>set</c> uses its parameters.
/// </summary>
internal static class VirtualEntity
{
    private const string Known = "turn_on, turn_off, toggle, set";

    private static readonly JsonText On = JsonText.FromString("on");
    private static readonly JsonText Off = JsonText.FromString("off");

    public static (JsonText State, CommandResult.Wrong? Wrong) Obey(JsonText state, EntityCommand command) => command.Name switch
    {
        "turn_on" => (Switched(state, isOn: true), null),
        "turn_off" => (Switched(state, isOn: false), null),
        "toggle" => (Switched(state, isOn: state != On && state != JsonText.True), null),
        "set" => Set(state, command.Parameters),
        _ => (state, new CommandResult.Wrong("command", $"must be one of {Known}: the entity is virtual")),
    };

    private static JsonText Switched(JsonText state, bool isOn) =>
        state.Kind is JsonValueKind.True or JsonValueKind.False ? JsonText.From(isOn) : isOn ? On : Off;

    private static (JsonText State, CommandResult.Wrong? Wrong) Set(JsonText state, JsonText parameters)
    {
        using var document = JsonDocument.Parse(parameters.Raw);
        if (!document.RootElement.TryGetProperty("state", out var asked))
        {
            return (state, new CommandResult.Wrong("parameters.state", "is missing"));
        }

        return asked.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? (state, new CommandResult.Wrong("parameters.state", "must be a string, a number, true, false or null"))
            : (JsonText.From(asked), null);
    }
}
