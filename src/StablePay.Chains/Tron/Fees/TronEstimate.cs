namespace StablePay.Chains.Tron;

/// <summary>What a call needs and costs.</summary>
/// <param name="Energy">As the node's trial used it.</param>
/// <param name="Bandwidth">In bytes, of the signed transaction.</param>
/// <param name="EnergySun">The lowest fee limit with which the call runs. Staked energy counts against it too.</param>
/// <param name="BurntSun">What the owner pays in TRX, after what its resources cover.</param>
public sealed record TronCost(long Energy, long Bandwidth, UInt128 EnergySun, UInt128 BurntSun)
{
    /// <exception cref="ArgumentOutOfRangeException">Energy or bandwidth below 0.</exception>
    public static TronCost Of(long energy, long bandwidth, TronPrices prices, TronResources resources)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(energy);
        ArgumentOutOfRangeException.ThrowIfNegative(bandwidth);
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(resources);
        // Factors below 2^63 each: no product or sum here leaves 128 bits.
        var (price, byteprice) = ((UInt128)prices.EnergySun, (UInt128)prices.BandwidthSun);
        var paidEnergy = (UInt128)Math.Max(0, energy - resources.Energy);
        var paidBandwidth = resources.CoverBandwidth(bandwidth) ? UInt128.Zero : (UInt128)bandwidth;
        return new TronCost(
            energy,
            bandwidth,
            (UInt128)energy * price,
            (paidEnergy * price) + (paidBandwidth * byteprice)
        );
    }
}

/// <summary>What may be done with a call: send it, not at this price, or not at all.</summary>
public abstract record TronEstimate
{
    private TronEstimate() { }

    /// <summary>The call with a fee limit that suffices, ready to be signed.</summary>
    public sealed record Ready(TronTransaction.ContractCall Call, TronCost Cost) : TronEstimate;

    /// <summary>
    /// It needs more than the caller's cap or the network's own. With the lower limit it would use all of it up and do
    /// nothing (TRX-12), so there is no call to sign.
    /// </summary>
    public sealed record AboveCap(TronCost Cost, long CapSun) : TronEstimate;

    /// <summary>It would be reverted, at the owner's expense.</summary>
    /// <param name="Reason">The node's words.</param>
    public sealed record WouldFail(string Reason) : TronEstimate;

    /// <summary>
    /// The fee limit is what the energy costs and what it may grow by until the call is executed, rounded up, but never
    /// above a cap.
    /// </summary>
    /// <param name="call">Its own fee limit is the caller's cap.</param>
    public static TronEstimate Decide(
        TronTransaction.ContractCall call,
        long energy,
        TronPrices prices,
        TronResources resources
    )
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(prices);
        var cap = Math.Min(call.FeeLimitSun, prices.HighestFeeLimitSun);
        var need = (UInt128)Math.Max(0, energy) * (UInt128)prices.EnergySun;
        if (need > (UInt128)Math.Max(0, cap))
            return new AboveCap(CostOf(call, energy, prices, resources), cap);
        var grown =
            ((need * (UInt128)(TronPrices.Whole + prices.GrowthBasisPoints)) + TronPrices.Whole - 1) / TronPrices.Whole;
        var ready = call with { FeeLimitSun = (long)UInt128.Min(grown, (UInt128)cap) };
        return new Ready(ready, CostOf(ready, energy, prices, resources));
    }

    private static TronCost CostOf(
        TronTransaction.ContractCall call,
        long energy,
        TronPrices prices,
        TronResources resources
    ) => TronCost.Of(energy, TronTransactions.BandwidthOf(call), prices, resources);
}
