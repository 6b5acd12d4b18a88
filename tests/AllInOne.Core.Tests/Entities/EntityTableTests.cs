using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Entities;

public class EntityTableTests
{
    private readonly EntityTable _table = new();

    [Fact]
    public void Pages_follow_each_other_in_the_order_of_the_ids()
    {
        Fill("sensor.b", "light.a", "sensor.a", "light.c", "light.b");
        var first = List(limit: 2);
        Assert.Equal(["light.a", "light.b"], Ids(first));
        var second = List(limit: 2, cursor: first.Next);
        Assert.Equal(["light.c", "sensor.a"], Ids(second));
        var third = List(limit: 2, cursor: second.Next);
        Assert.Equal(["sensor.b"], Ids(third));
        Assert.Null(third.Next);
    }

    [Fact]
    public void A_page_that_ends_with_the_last_match_has_no_next()
    {
        Fill("light.a", "light.b", "sensor.a");
        Assert.Null(List(domain: "light", limit: 2).Next);
        Assert.Equal("light.a", List(domain: "light", limit: 1).Next);
    }

    [Fact]
    public void A_list_is_restricted_by_area_domain_and_text()
    {
        _table.Set(Entity("light.hall", "Ceiling", "ground floor"));
        _table.Set(Entity("light.attic", "Lamp", "roof"));
        _table.Set(Entity("sensor.hall", "Motion", "ground floor"));
        Assert.Equal(["light.hall", "sensor.hall"], Ids(List(area: "ground floor")));
        Assert.Empty(List(area: "ground").Items);
        Assert.Equal(["light.attic", "light.hall"], Ids(List(domain: "light")));
        Assert.Empty(List(domain: "lig").Items);
        Assert.Equal(["light.hall", "sensor.hall"], Ids(List(text: "HALL")));
        Assert.Equal(["light.attic"], Ids(List(text: "lamp")));
        Assert.Equal(["light.attic"], Ids(List(text: "roof")));
        Assert.Equal(["sensor.hall"], Ids(List(area: "ground floor", domain: "sensor", text: "mot")));
    }

    [Fact]
    public void A_cursor_of_a_deleted_entity_continues_after_it()
    {
        Fill("light.a", "light.b", "light.c");
        _table.Remove(EntityId.Parse("light.b"));
        Assert.Equal(["light.c"], Ids(List(cursor: "light.b")));
    }

    [Fact]
    public void The_next_list_shows_new_entities_and_no_deleted_ones()
    {
        Fill("light.a");
        Assert.Single(List().Items);
        Fill("light.b");
        Assert.Equal(2, List().Items.Count);
        _table.Remove(EntityId.Parse("light.a"));
        Assert.Equal(["light.b"], Ids(List()));
        Assert.Equal(1, _table.Count);
        Assert.Null(_table.Find(EntityId.Parse("light.a")));
    }

    private static EntitySnapshot Entity(string id, string? name = null, string? area = null) => EntityState.Apply(
        null, new EntityReport(EntityId.Parse(id), JsonText.True, name, area, null, null, []), DateTimeOffset.UnixEpoch);

    private static IEnumerable<string> Ids(EntityPage page) => page.Items.Select(item => item.Id.Value);

    private void Fill(params string[] ids)
    {
        foreach (var id in ids)
        {
            _table.Set(Entity(id));
        }
    }

    private EntityPage List(string? area = null, string? domain = null, string? text = null, int limit = 100, string? cursor = null) =>
        _table.List(new EntityQuery(area, domain, text, limit, cursor is null ? null : EntityId.Parse(cursor)));
}
