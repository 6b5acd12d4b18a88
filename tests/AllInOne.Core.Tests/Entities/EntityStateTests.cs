using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Entities;

public class EntityStateTests
{
    private static readonly EntityId Kitchen = EntityId.Parse("sensor.kitchen");
    private static readonly DateTimeOffset First = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = First.AddMinutes(1);

    [Fact]
    public void First_report_creates_version_1()
    {
        var created = EntityState.Apply(null, Report("21.5", ("battery", "80")) with { Unit = "°C" }, First);
        Assert.Equal(("21.5", 1L, First, First), (created.State.Raw, created.Version, created.Changed, created.Updated));
        Assert.Equal(("°C", null, true, false), (created.Unit, created.Area, created.Available, created.Virtual));
        Assert.Equal("80", created.Attributes["battery"].Raw);
    }

    [Fact]
    public void Another_state_counts_the_version_and_moves_both_times()
    {
        var next = EntityState.Apply(Present(), Report("22"), Later);
        Assert.Equal(("22", 2L, Later, Later), (next.State.Raw, next.Version, next.Changed, next.Updated));
    }

    [Fact]
    public void Another_attribute_leaves_the_time_of_the_state_alone()
    {
        var next = EntityState.Apply(Present(), Report("21.5", ("battery", "79")), Later);
        Assert.Equal((2L, First, Later), (next.Version, next.Changed, next.Updated));
    }

    [Fact]
    public void A_report_without_a_state_keeps_the_current_state()
    {
        var next = EntityState.Apply(Present(), Report(null, ("model", "B")), Later);
        Assert.Equal(("21.5", "80", "B"), (next.State.Raw, next.Attributes["battery"].Raw, next.Attributes["model"].ToPlainText()));
    }

    [Fact]
    public void A_report_without_a_change_gives_the_same_instance()
    {
        var present = Present();
        Assert.Same(present, EntityState.Apply(present, Report("21.50", ("battery", "80.0")), Later));
        Assert.Same(present, EntityState.Apply(present, Report(null), Later));
        Assert.Same(present, EntityState.Apply(present, Report(null) with { Name = present.Name, Unit = "°C" }, Later));
    }

    [Fact]
    public void Each_of_the_names_is_a_change()
    {
        var present = Present();
        Assert.Equal("Kitchen", EntityState.Apply(present, Report(null) with { Name = "Kitchen" }, Later).Name);
        Assert.Equal("ground", EntityState.Apply(present, Report(null) with { Area = "ground" }, Later).Area);
        Assert.Equal("K", EntityState.Apply(present, Report(null) with { Unit = "K" }, Later).Unit);
        Assert.Equal(2, EntityState.Apply(present, Report(null) with { Class = "temperature" }, Later).Version);
    }

    [Fact]
    public void An_entity_that_was_away_is_available_again_with_its_next_report()
    {
        var next = EntityState.Apply(Present() with { Available = false }, Report(null), Later);
        Assert.Equal((true, 2L, First), (next.Available, next.Version, next.Changed));
    }

    [Fact]
    public void A_replacement_drops_members_that_it_does_not_name()
    {
        var next = EntityState.Replace(Present(), Kitchen, Replacement("on"), Later);
        Assert.Equal(("\"on\"", null, 2L), (next.State.Raw, next.Unit, next.Version));
        Assert.Empty(next.Attributes);
        Assert.Equal(Later, next.Changed);
    }

    [Fact]
    public void A_replacement_by_the_same_changes_nothing()
    {
        var present = EntityState.Replace(null, Kitchen, Replacement("on"), First);
        Assert.Equal((1L, First), (present.Version, present.Changed));
        Assert.Same(present, EntityState.Replace(present, Kitchen, Replacement("on"), Later));
    }

    [Fact]
    public void An_input_entity_is_virtual_whatever_is_said()
    {
        var id = EntityId.Parse("input_boolean.guests");
        Assert.True(EntityState.Replace(null, id, Replacement("on"), First).Virtual);
        Assert.True(EntityState.Apply(null, Report("on") with { Id = id }, First).Virtual);
        Assert.True(EntityState.Replace(null, Kitchen, Replacement("on") with { Virtual = true }, First).Virtual);
    }

    private static EntitySnapshot Present() =>
        EntityState.Apply(null, Report("21.5", ("battery", "80")) with { Unit = "°C" }, First);

    private static EntityReport Report(string? state, params (string Name, string Text)[] attributes) => new(
        Kitchen,
        state is null ? null : JsonText.FromText(state),
        null,
        null,
        null,
        null,
        [.. attributes.Select(a => new KeyValuePair<string, JsonText>(a.Name, JsonText.FromText(a.Text)))]);

    private static EntityReplacement Replacement(string state) =>
        new(JsonText.FromText(state), AttributeSet.Empty, null, null, null, null, Virtual: false);
}
