using AllInOne.Core.State.Shards;

namespace AllInOne.Core.Tests.State.Shards;

public sealed class KeyTableTests
{
    [Fact]
    public void Random_changes_come_to_what_a_dictionary_has()
    {
        var (random, table, plain) = (new Random(1), new KeyTable(), new Dictionary<string, StateSlot>());
        for (var step = 0; step < 50_000; step++)
        {
            var key = $"k{random.Next(3000)}";
            if (plain.Remove(key, out var there))
            {
                Assert.True(table.Remove(there));
                Assert.False(table.Remove(there));
            }
            else if (random.Next(100) < (step / 10_000 % 2 == 0 ? 90 : 20))
            {
                plain[key] = new StateSlot(key, step, isPublished: false);
                table.Add(plain[key]);
            }

            Assert.Same(plain.GetValueOrDefault(key), table.Find(key, KeyTable.HashOf(key)));
            Assert.Equal(plain.Count, table.Count);
            if (step % 5000 == 0)
            {
                table.Rebuild();
                Assert.Equal(plain.Values.OrderBy(slot => slot.Row), table.All().OrderBy(slot => slot.Row));
                Assert.All(plain, pair => Assert.Same(pair.Value, table.Find(pair.Key, KeyTable.HashOf(pair.Key))));
            }
        }
    }

    [Fact]
    public async Task A_key_that_stays_is_found_by_readers_whatever_comes_and_goes()
    {
        var table = new KeyTable();
        var stays = new StateSlot("stays", 1, isPublished: false);
        table.Add(stays);
        using var end = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                Assert.Same(stays, table.Find("stays", KeyTable.HashOf("stays")));
                Assert.Contains(stays, table.All());
            }
        });
        for (var round = 0; round < 200; round++)
        {
            var slots = Enumerable.Range(0, 1000).Select(n => new StateSlot($"k{n}", n, isPublished: false)).ToList();
            slots.ForEach(table.Add);
            slots.ForEach(slot => table.Remove(slot));
        }

        await end.CancelAsync();
        await reading;
        Assert.Equal(1, table.Count);
    }
}
