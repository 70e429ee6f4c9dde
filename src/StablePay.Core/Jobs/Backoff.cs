namespace StablePay.Core.Jobs;

/// <summary>How long to wait before the next attempt. Pure: the dice are an argument.</summary>
public static class Backoff
{
    /// <summary>
    /// Doubles from <paramref name="first"/> up to <paramref name="most"/>, then takes between half and all of it, so
    /// that what failed together does not come back together.
    /// </summary>
    public static TimeSpan Delay(int attempt, TimeSpan first, TimeSpan most, Dice dice)
    {
        var doublings = Math.Clamp(attempt - 1, 0, 30);
        var full = Math.Min(first.Ticks << Math.Min(doublings, 20), most.Ticks);
        return TimeSpan.FromTicks((full / 2) + (full / 2 * dice.Next(1001) / 1000));
    }
}
