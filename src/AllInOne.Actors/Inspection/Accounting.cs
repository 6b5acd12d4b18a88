namespace AllInOne.Actors;

/// <summary>
/// Whether actors keep account of their messages and their time. On, unless the switch <c>AllInOne.Actors.Accounting</c> is set to
/// false before the first system starts: that is for measuring what it costs.
/// </summary>
internal static class Accounting
{
    public static readonly bool IsOn = !AppContext.TryGetSwitch("AllInOne.Actors.Accounting", out var on) || on;
}
