using System.Globalization;
using System.Xml;
using AllInOne.Core.Values;
using AllInOne.Server.Simulation;

namespace AllInOne.Server.Tests.Simulation;

public class DemoWorldTests
{
    private static readonly DateTimeOffset Evening = new(2025, 4, 12, 19, 30, 0, TimeSpan.FromHours(2));

    [Fact]
    public void The_demo_world_has_forty_entities_in_six_areas_and_twenty_matches()
    {
        var all = new DemoWorld(1, Evening).Everything();

        Assert.Equal(60, all.Select(element => element.EntityId).Distinct().Count());
        Assert.Equal(Enumerable.Range(1001, 20).Select(n => $"match.{n}"), all.Where(element => element.Domain == "match").Select(element => element.EntityId));
        var home = all.Where(element => element.Area is not null).ToList();
        Assert.Equal(40, home.Count);
        Assert.Equal(6, home.Select(element => element.Area).Distinct().Count());
        foreach (var kind in (string[])["temperature", "humidity", "motion", "power"])
        {
            Assert.Equal(6, home.Count(element => element.Class == kind));
        }

        Assert.Equal(6, home.Count(element => element.Class is "door" or "window"));
        Assert.Equal(10, home.Count(element => element.Domain == "light"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_days_and_another_seed_others()
    {
        Assert.Equal(Day(seed: 7), Day(seed: 7));
        Assert.NotEqual(Day(seed: 7), Day(seed: 8));
    }

    [Fact]
    public void Every_event_is_well_formed_and_every_id_within_the_rules()
    {
        var world = new DemoWorld(3, Evening);
        List<IReadOnlyList<FeedElement>> events = [world.Everything()];
        for (var look = 0; look < 500; look++)
        {
            events.Add(world.Advance(TimeSpan.FromSeconds(30)));
        }

        foreach (var elements in events.Where(elements => elements.Count > 0))
        {
            Assert.Equal(elements.Select(element => (element.EntityId, element.State)), Read(EventXml.Write(elements)));
            Assert.All(elements, element => Assert.True(EntityId.TryCreate(element.Domain, element.Id, out _), element.EntityId));
        }
    }

    [Fact]
    public void Only_changes_are_reported()
    {
        var world = new DemoWorld(3, Evening);
        var said = world.Everything().ToDictionary(element => element.EntityId, element => element.Content);
        for (var look = 0; look < 1000; look++)
        {
            foreach (var element in world.Advance(TimeSpan.FromSeconds(5)))
            {
                Assert.NotEqual(said[element.EntityId], element.Content);
                said[element.EntityId] = element.Content;
            }
        }

        Assert.Equal(said, world.Everything().ToDictionary(element => element.EntityId, element => element.Content));
    }

    [Fact]
    public void A_week_of_measurements_stays_plausible()
    {
        var world = new DemoWorld(11, Evening);
        for (var quarter = 0; quarter < 7 * 24 * 4; quarter++)
        {
            world.Advance(TimeSpan.FromMinutes(15));
            foreach (var element in world.Everything().Where(element => element.Domain == "sensor"))
            {
                var (low, high) = (element.Class, element.Area) switch
                {
                    ("temperature", "Garden") => (-2.0, 27.0),
                    ("temperature", _) => (12.0, 28.0),
                    ("humidity", _) => (25.0, 98.0),
                    _ => (0.0, 4000.0),
                };
                Assert.InRange(double.Parse(element.State, CultureInfo.InvariantCulture), low, high);
            }
        }
    }

    private static List<string> Day(int seed)
    {
        var world = new DemoWorld(seed, Evening);
        return [.. Enumerable.Range(0, 24 * 60).SelectMany(_ => world.Advance(TimeSpan.FromMinutes(1))).Select(element => element.EntityId + element.Content)];
    }

    private static List<(string EntityId, string State)> Read(ReadOnlyMemory<byte> xml)
    {
        var document = new XmlDocument();
        using var stream = new MemoryStream(xml.ToArray());
        document.Load(stream);
        Assert.Equal("event", document.DocumentElement!.Name);
        return [.. document.DocumentElement.ChildNodes.Cast<XmlElement>().Select(e => ($"{e.Name}.{e.GetAttribute("id")}", e.GetAttribute("state")))];
    }
}
