using AllInOne.Core.State;
using AllInOne.Core.State.Shards;

namespace AllInOne.Core.Tests.State.Shards;

public sealed class ExpiringKeysTests
{
    private const long Second = 1_000_000;

    private readonly ExpiringKeys _keys = new();

    [Fact]
    public void Random_changes_expire_the_same_keys_as_a_plain_list()
    {
        var (random, plain, now) = (new Random(1), new Dictionary<StateSlot, long>(), 0L);
        var slots = Enumerable.Range(0, 200).Select(Slot).ToList();
        for (var step = 0; step < 20_000; step++)
        {
            var slot = slots[random.Next(slots.Count)];
            switch (random.Next(4))
            {
                case 0:
                    _keys.Remove(slot);
                    plain.Remove(slot);
                    break;
                case 1:
                    now += random.Next((int)Second);
                    for (; _keys.FindExpired(now) is { } expired; _keys.Remove(expired))
                    {
                        Assert.True(plain.Remove(expired, out var end) && end <= now);
                    }

                    Assert.DoesNotContain(plain.Values, end => end < now - (Second / 2));
                    break;
                default:
                    plain[slot] = now + random.Next(20 * (int)Second);
                    _keys.Set(slot, plain[slot]);
                    break;
            }

            Assert.Equal(plain.Count, _keys.Count);
        }
    }

    [Fact]
    public void A_key_that_loses_its_time_to_live_never_expires()
    {
        var slot = Slot(1);
        _keys.Set(slot, Second);
        _keys.Set(slot, StateItem.Never);

        Assert.Null(_keys.FindExpired(1_000 * Second));
        Assert.False(slot.Expires);
    }

    [Fact]
    public void The_least_used_key_is_evicted_and_never_a_lock()
    {
        var (used, unused, held) = (Slot(1), Slot(2), new StateSlot($"{StateStore.LockPrefix}k", 3, isPublished: false));
        (used.Used, unused.Used, held.Used) = (9, 5, 1);
        foreach (var slot in (StateSlot[])[used, unused, held])
        {
            _keys.Set(slot, Second);
        }

        Assert.Same(unused, _keys.LeastUsed(new Random(1), picked: 100));
    }

    private static StateSlot Slot(int number) => new($"k{number}", number, isPublished: false);
}
