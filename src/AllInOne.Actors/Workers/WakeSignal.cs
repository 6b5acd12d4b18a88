namespace AllInOne.Actors;

/// <summary>Lets one thread sleep until another one calls it; a call that comes first is not lost, and two count as one.</summary>
internal sealed class WakeSignal
{
    private readonly object _gate = new();
    private bool _called;

    public void Call()
    {
        lock (_gate)
        {
            _called = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Wait()
    {
        lock (_gate)
        {
            while (!_called)
            {
                Monitor.Wait(_gate);
            }

            _called = false;
        }
    }
}
