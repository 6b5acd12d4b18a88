using System.Text.Json;
using AllInOne.Core.Entities.Commands;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Entities.Commands;

public class VirtualEntityTests
{
    [Theory]
    [InlineData("\"off\"", "turn_on", "{}", "\"on\"")]
    [InlineData("\"on\"", "turn_on", "{}", "\"on\"")]
    [InlineData("null", "turn_on", "{\"brightness\":80}", "\"on\"")]
    [InlineData("false", "turn_on", "{}", "true")]
    [InlineData("\"on\"", "turn_off", "{}", "\"off\"")]
    [InlineData("true", "turn_off", "{}", "false")]
    [InlineData("\"on\"", "toggle", "{}", "\"off\"")]
    [InlineData("\"off\"", "toggle", "{}", "\"on\"")]
    [InlineData("null", "toggle", "{}", "\"on\"")]
    [InlineData("\"away\"", "toggle", "{}", "\"on\"")]
    [InlineData("true", "toggle", "{}", "false")]
    [InlineData("false", "toggle", "{}", "true")]
    [InlineData("\"on\"", "set", "{\"state\":21.50}", "21.5")]
    [InlineData("1", "set", "{\"state\":\"a\\\"b\"}", "\"a\\\"b\"")]
    [InlineData("1", "set", "{\"state\":null,\"why\":[1]}", "null")]
    public void A_known_command_gives_a_state(string state, string command, string parameters, string expected)
    {
        Assert.Equal((expected, null), Obey(state, command, parameters));
    }

    [Theory]
    [InlineData("dim", "{}", "command")]
    [InlineData("Turn_on", "{}", "command")]
    [InlineData("set", "{}", "parameters.state")]
    [InlineData("set", "{\"State\":1}", "parameters.state")]
    [InlineData("set", "{\"state\":{}}", "parameters.state")]
    [InlineData("set", "{\"state\":[1]}", "parameters.state")]
    public void An_unknown_command_or_parameter_names_the_member_and_leaves_the_state(string command, string parameters, string member)
    {
        Assert.Equal(("\"on\"", member), Obey("\"on\"", command, parameters));
    }

    private static (string State, string? Member) Obey(string state, string command, string parameters)
    {
        var (next, wrong) = VirtualEntity.Obey(Value(state), new EntityCommand(command, Value(parameters)));
        return (next.Raw, wrong?.Member);
    }

    private static JsonText Value(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonText.From(document.RootElement);
    }
}
