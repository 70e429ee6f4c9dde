using CsCheck;
using StablePay.Core.Jobs;

namespace StablePay.Core.Tests.Jobs;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    [Fact]
    public void Delay_doubles_up_to_the_most_and_keeps_at_least_half()
    {
        Gen.Select(Gen.Int[1, 2_000_000], Gen.Int)
            .Sample(
                (attempt, seed) =>
                {
                    var full =
                        attempt > 20 ? Most : TimeSpan.FromTicks(Math.Min(First.Ticks << (attempt - 1), Most.Ticks));

                    Backoff.Delay(attempt, First, Most, new SeededDice(seed)).ShouldBeInRange(full / 2, full);
                }
            );
    }

    [Theory]
    [InlineData(1, 0, 500)]
    [InlineData(1, 500, 750)]
    [InlineData(1, 1000, 1_000)]
    [InlineData(2, 0, 1_000)]
    [InlineData(4, 1000, 8_000)]
    [InlineData(11, 0, 300_000)]
    public void Delay_is_half_of_the_wait_and_what_the_dice_add(int attempt, int thousandths, int milliseconds) =>
        Backoff
            .Delay(attempt, First, Most, new LoadedDice(thousandths))
            .ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void Delay_never_overflows_when_the_first_wait_is_days()
    {
        Gen.Int[1, 100]
            .Sample(attempt =>
                Backoff
                    .Delay(attempt, TimeSpan.FromDays(3), TimeSpan.FromDays(30), new SeededDice(attempt))
                    .ShouldBeInRange(TimeSpan.FromDays(1.5), TimeSpan.FromDays(30))
            );
    }

    private sealed class LoadedDice(int value) : Dice
    {
        public override void Fill(Span<byte> bytes) => BitConverter.TryWriteBytes(bytes, (ulong)value);
    }
}
