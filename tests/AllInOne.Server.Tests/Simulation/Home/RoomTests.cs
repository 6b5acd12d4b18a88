using AllInOne.Server.Simulation.Home;

namespace AllInOne.Server.Tests.Simulation.Home;

public class RoomTests
{
    private static readonly RoomPlan Plan =
        new("Study", new OpeningPlan("Window", IsWindow: false), [new LampPlan("Ceiling light", 50)], 10, 21);

    private static readonly TimeSpan Noon = TimeSpan.FromHours(12);
    private static readonly TimeSpan Evening = TimeSpan.FromHours(20);

    [Fact]
    public void An_open_window_cools_the_room()
    {
        var (closed, open) = (NewRoom(), NewRoom());
        open.OpenFor(600);
        Live(closed, Noon, TimeSpan.FromMinutes(10));
        Live(open, Noon, TimeSpan.FromMinutes(10));

        Assert.True(open.Temperature < closed.Temperature - 1, $"{open.Temperature} against {closed.Temperature}");
    }

    [Fact]
    public void The_heating_restores_the_warmth_and_keeps_it()
    {
        var room = NewRoom();
        room.OpenFor(600);
        Live(room, Noon, TimeSpan.FromMinutes(10));
        Live(room, Noon, TimeSpan.FromHours(3));

        Assert.InRange(room.Temperature, Plan.Target - 0.5, Plan.Target + 0.5);
    }

    [Fact]
    public void Motion_lights_a_lamp_in_the_dark_and_only_there()
    {
        var (dark, bright) = (NewRoom(), NewRoom());
        dark.Move(30);
        bright.Move(30);
        Live(dark, Evening, TimeSpan.FromSeconds(5));
        Live(bright, Noon, TimeSpan.FromSeconds(5));

        Assert.True(dark.Motion && dark.Lit);
        Assert.True(bright.Motion && !bright.Lit);
    }

    [Fact]
    public void A_lamp_goes_out_minutes_after_the_last_motion()
    {
        var room = NewRoom();
        room.Move(30);
        Live(room, Evening, TimeSpan.FromMinutes(2));
        Assert.True(!room.Motion && room.Lit);

        Live(room, Evening, TimeSpan.FromMinutes(3));
        Assert.False(room.Lit);
    }

    [Fact]
    public void Power_follows_the_lamp()
    {
        var room = NewRoom();
        Live(room, Evening, TimeSpan.FromSeconds(5));
        Assert.Equal(10, room.Watts);

        room.Move(30);
        Live(room, Evening, TimeSpan.FromSeconds(5));
        Assert.Equal(10 + (50 * 0.8), room.Watts);
    }

    private static Room NewRoom() => new(Plan, new Random(1));

    /// <summary>Simulates the room without people, at a constant 12 °C outside.</summary>
    private static void Live(Room room, TimeSpan timeOfDay, TimeSpan time)
    {
        var weather = new Weather(new Random(1));
        for (var seconds = 0.0; seconds < time.TotalSeconds; seconds += 5)
        {
            room.Step(new Surroundings(timeOfDay, 5, weather, People: 0));
        }
    }
}
