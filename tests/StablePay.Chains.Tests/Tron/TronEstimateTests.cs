using CsCheck;
using StablePay.Chains.Tron;

namespace StablePay.Chains.Tests.Tron;

/// <summary>The arithmetic of fees, over all numbers that a node may say.</summary>
public sealed class TronEstimateTests
{
    private static readonly Gen<long> Numbers = Gen.OneOf(
        Gen.Long[0, 100],
        Gen.Long[0, 1_000_000],
        Gen.Long[0, long.MaxValue]
    );

    private static readonly Gen<TronPrices> Prices = Gen.Select(
        Numbers,
        Numbers,
        Numbers,
        Gen.Long[0, 10_000],
        (energy, bandwidth, highest, growth) =>
            new TronPrices(Math.Max(1, energy), Math.Max(1, bandwidth), Math.Max(1, highest), growth)
    );

    private static readonly Gen<TronResources> Left = Gen.Select(Numbers, Numbers, Numbers)
        .Select((energy, free, staked) => new TronResources(energy, free, staked));

    [Fact]
    public void TRX_12_call_is_ready_exactly_if_the_caps_allow_what_it_needs() =>
        Gen.Select(Numbers, Numbers, Prices, Left)
            .Sample(
                (energy, limit, prices, left) =>
                {
                    var call = TronFeesTests.Call with { FeeLimitSun = Math.Max(1, limit) };
                    var need = (UInt128)energy * (UInt128)prices.EnergySun;
                    var cap = Math.Min(call.FeeLimitSun, prices.HighestFeeLimitSun);
                    switch (TronEstimate.Decide(call, Math.Max(1, energy), prices, left))
                    {
                        case TronEstimate.Ready ready:
                            ready.Call.ShouldBe(call with { FeeLimitSun = ready.Call.FeeLimitSun });
                            ready.Call.FeeLimitSun.ShouldBeLessThanOrEqualTo(cap);
                            ((UInt128)ready.Call.FeeLimitSun).ShouldBeGreaterThanOrEqualTo(need);
                            // What a node divides the limit by is the price: the rest of a division must not matter.
                            (ready.Call.FeeLimitSun / prices.EnergySun).ShouldBeGreaterThanOrEqualTo(energy);
                            ready.Cost.Bandwidth.ShouldBe(TronTransactions.BandwidthOf(ready.Call));
                            break;
                        case TronEstimate.AboveCap above:
                            above.CapSun.ShouldBe(cap);
                            above.Cost.EnergySun.ShouldBeGreaterThan((UInt128)cap);
                            break;
                        case var other:
                            other.ShouldBeNull();
                            break;
                    }
                },
                iter: 2_000
            );

    [Fact]
    public void What_is_burnt_is_what_the_resources_do_not_cover() =>
        Gen.Select(Numbers, Gen.Long[0, 100_000], Prices, Left)
            .Sample(
                (energy, bandwidth, prices, left) =>
                {
                    var cost = TronCost.Of(energy, bandwidth, prices, left);
                    var nothing = TronCost.Of(energy, bandwidth, prices, new TronResources(0, 0, 0));
                    var plenty = new TronResources(long.MaxValue, 0, long.MaxValue);
                    TronCost.Of(energy, bandwidth, prices, plenty).BurntSun.ShouldBe(UInt128.Zero);
                    cost.BurntSun.ShouldBeLessThanOrEqualTo(nothing.BurntSun);
                    nothing.BurntSun.ShouldBe(cost.EnergySun + ((UInt128)bandwidth * (UInt128)prices.BandwidthSun));
                    cost.EnergySun.ShouldBe(nothing.EnergySun);
                    // One unit less of energy than needed costs one unit.
                    if (energy > 0)
                        TronCost
                            .Of(energy, bandwidth, prices, plenty with { Energy = energy - 1 })
                            .BurntSun.ShouldBe((UInt128)prices.EnergySun);
                },
                iter: 2_000
            );

    [Theory]
    [InlineData(345, 0, true)]
    [InlineData(0, 345, true)]
    [InlineData(344, 344, false)]
    [InlineData(0, 0, false)]
    public void Bandwidth_is_free_only_if_one_pool_has_all_of_it(long free, long staked, bool isFree)
    {
        var cost = TronCost.Of(0, 345, new TronPrices(100, 1_000, 1, 0), new TronResources(0, free, staked));
        cost.BurntSun.ShouldBe(isFree ? UInt128.Zero : 345_000);
    }

    [Fact]
    public void Negative_amounts_are_a_programmers_error()
    {
        var (prices, left) = (new TronPrices(1, 1, 1, 0), new TronResources(0, 0, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => TronCost.Of(-1, 0, prices, left));
        Should.Throw<ArgumentOutOfRangeException>(() => TronCost.Of(0, -1, prices, left));
    }
}
