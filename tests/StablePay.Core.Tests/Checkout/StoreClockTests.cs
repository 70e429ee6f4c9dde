using StablePay.Core.Access;

namespace StablePay.Core.Tests.Checkout;

public sealed class StoreClockTests
{
    private static readonly Instant Start = new(1_000_000);

    /// <summary>Moved by an hour after ten seconds, and by another after twenty.</summary>
    private static readonly StoreClock Twice = new([
        new ClockStep(Start + TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)),
        new ClockStep(Start + TimeSpan.FromSeconds(20), TimeSpan.FromHours(2)),
    ]);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(9.999, 9.999)]
    [InlineData(10, 3610)]
    [InlineData(19.999, 3619.999)]
    [InlineData(20, 7220)]
    [InlineData(86_400, 93_600)]
    public void Each_point_of_real_time_keeps_what_the_clock_showed_then(double real, double shown) =>
        Twice.At(Start + TimeSpan.FromSeconds(real)).ShouldBe(Start + TimeSpan.FromSeconds(shown));

    [Theory]
    [InlineData(5, 5)]
    [InlineData(10, 10)]
    [InlineData(1_800, 10)]
    [InlineData(3_610, 10)]
    [InlineData(3_615, 15)]
    [InlineData(5_000, 20)]
    [InlineData(7_220, 20)]
    [InlineData(7_300, 100)]
    public void The_real_time_of_a_shown_one_is_the_first_at_which_the_clock_has_reached_it(
        double shown,
        double real
    ) => Twice.RealOf(Start + TimeSpan.FromSeconds(shown)).ShouldBe(Start + TimeSpan.FromSeconds(real));

    [Fact]
    public void A_clock_that_was_never_moved_shows_the_real_time()
    {
        StoreClock.Real.At(Start).ShouldBe(Start);
        StoreClock.Real.RealOf(Start).ShouldBe(Start);
        StoreClock.Real.Offset.ShouldBe(TimeSpan.Zero);
        StoreClock.Real.WasMoved.ShouldBeFalse();
    }

    [Fact]
    public void Whatever_is_moved_and_asked_the_clock_never_goes_back() =>
        // How long it is until the next look, and how far the clock is moved then: two of three times not at all.
        Gen.Select(Gen.Int[0, 5_000], Gen.Int[-20_000, 10_000])
            .Array[1, 30]
            .Sample(looks =>
            {
                var (clock, real, last) = (StoreClock.Real, Start, Start);
                foreach (var (wait, move) in looks)
                {
                    real += TimeSpan.FromMilliseconds(wait);
                    if (move > 0)
                        clock = new StoreClock([
                            .. clock.Steps,
                            clock.Advance(real, TimeSpan.FromSeconds(move), "seconds").Value,
                        ]);
                    clock.At(real).ShouldBeGreaterThanOrEqualTo(last);
                    last = clock.At(real);
                    var first = clock.RealOf(last);
                    first.ShouldBeLessThanOrEqualTo(real);
                    clock.At(first).ShouldBeGreaterThanOrEqualTo(last);
                }
            });

    [Fact]
    public void A_step_keeps_its_order_when_another_process_was_ahead_of_us()
    {
        var step = Twice.Advance(Start, TimeSpan.FromSeconds(1), "seconds").Value;
        step.ShouldBe(new ClockStep(Twice.Steps[^1].From, TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(31_536_001)]
    [InlineData(31_000_000, 11)]
    public void A_move_that_cannot_be_is_refused_and_names_the_member(long seconds, int times = 1)
    {
        var clock = StoreClock.Real;
        for (var i = 1; i < times; i++)
            clock = new StoreClock([.. clock.Steps, clock.Advance(Start, TimeSpan.FromSeconds(seconds), "to").Value]);
        var refused = clock.Advance(Start, TimeSpan.FromSeconds(seconds), "to").Rejection.ShouldNotBeNull();
        (refused.Code, refused.Param).ShouldBe((ErrorCode.ParameterInvalid, "to"));
    }
}
