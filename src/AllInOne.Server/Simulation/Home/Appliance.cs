namespace AllInOne.Server.Simulation.Home;

/// <summary>An appliance that people switch on in a room: a hob, a television, a shower. It uses power, and gives warmth and steam.</summary>
internal sealed class Appliance(RoomPlan plan, Random random)
{
    private const double FridgeOnSeconds = 900;
    private const double FridgeCycleSeconds = 2400;
    private const double FridgeWatts = 90;

    private double _secondsLeft;
    private double _fridge;
    private double _watts;

    public bool On => _secondsLeft > 0;

    public double Watts => (On ? _watts : 0) + (plan.Habit == Habit.Cooking && _fridge < FridgeOnSeconds ? FridgeWatts : 0);

    /// <summary>The warmth that it gives, in °C per hour.</summary>
    public double Heat => On ? plan.Habit switch { Habit.Cooking => 2.5, Habit.Showering => 4, Habit.Television => 0.2, _ => 0 } : 0;

    /// <summary>The steam that it gives, in percent of relative humidity per hour.</summary>
    public double Steam => On ? plan.Habit switch { Habit.Cooking => 60, Habit.Showering => 240, _ => 0 } : 0;

    public void Step(in Surroundings now, bool asleep)
    {
        _fridge = (_fridge + now.Seconds) % FridgeCycleSeconds;
        _secondsLeft = Math.Max(0, _secondsLeft - now.Seconds);
        if (plan.Habit == Habit.Television)
        {
            // On while a person is in the room.
            _secondsLeft = now.People > 0 && !asleep && now.TimeOfDay.TotalHours > 18 ? 60 : 0;
            _watts = 110;
        }
        else if (!On && now.People > 0 && random.NextDouble() < now.Seconds / 420)
        {
            (_watts, _secondsLeft) = plan.Habit switch
            {
                Habit.Cooking => (900 + (random.NextDouble() * 1100), 120 + (random.NextDouble() * 900)),
                Habit.Showering => (420, 300 + (random.NextDouble() * 240)),
                _ => (0, 0),
            };
        }
    }
}
