using System.Security.Cryptography;
using StablePay.Core.Tests.Money;

namespace StablePay.Core.Tests.Primitives;

public sealed class IdSourceTests
{
    private sealed class SystemDice : Dice
    {
        public override void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
    }

    private static readonly IdSource Ids = new(new SystemDice());

    [Heavy]
    [Fact]
    public void PAY_13_a_million_ids_do_not_collide_and_share_no_tail()
    {
        var now = Instant.FromUnixSeconds(1_777_500_000);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Draws.Times(1_000_000); i++)
            seen.Add(Ids.Next("sess_", now)).ShouldBeTrue();
    }

    [Fact]
    public void Every_random_bit_varies()
    {
        var now = Instant.FromUnixSeconds(1_777_500_000);
        var tails = Enumerable.Range(0, 2_000).Select(_ => Ids.Next("x_", now)[^26..]).ToList();
        // 26 places of 32 digits are 130 bits; each place must use its whole alphabet.
        for (var place = 0; place < 26; place++)
            tails.Select(t => t[place]).Distinct().Count().ShouldBe(32, $"place {place}");
    }

    [Fact]
    public void Ids_ascend_by_creation_time() =>
        Gen.Select(Gen.Long[0, 4_000_000_000_000], Gen.Long[1, 1_000_000])
            .Sample(
                (ms, later) =>
                    string.CompareOrdinal(
                            Ids.Next("sess_", new Instant(ms)),
                            Ids.Next("sess_", new Instant(ms + later))
                        )
                        .ShouldBeLessThan(0)
            );

    [Fact]
    public void Derived_ids_repeat_for_the_same_parent_version_and_ordinal_only()
    {
        var now = Instant.FromUnixSeconds(1);
        var id = IdSource.Derive("evt_", now, "sess_1", 3, 0);
        IdSource.Derive("evt_", now, "sess_1", 3, 0).ShouldBe(id);
        IdSource.Derive("evt_", now, "sess_1", 3, 1).ShouldNotBe(id);
        IdSource.Derive("evt_", now, "sess_1", 4, 0).ShouldNotBe(id);
        IdSource.Derive("evt_", now, "sess_2", 3, 0).ShouldNotBe(id);
    }

    [Fact]
    public void Unix_seconds_round_down_on_both_sides_of_the_epoch()
    {
        new Instant(1_999).UnixSeconds.ShouldBe(1);
        new Instant(-1).UnixSeconds.ShouldBe(-1);
        new Instant(-1_000).UnixSeconds.ShouldBe(-1);
    }
}
