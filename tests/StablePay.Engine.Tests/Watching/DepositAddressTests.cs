using StablePay.Chains;
using StablePay.Core.Checkout;
using StablePay.Core.Errors;
using StablePay.Core.Primitives;

namespace StablePay.Engine.Tests.Watching;

/// <summary>Address spaces that end: what the operator hears before, and what payers hear then.</summary>
public sealed class DepositAddressTests
{
    private static readonly Network Ethereum = Networks.Sandbox(TimeSpan.FromSeconds(2), 4)[1];

    [Fact]
    public async Task Choice_is_refused_when_the_addresses_are_used_up_and_uses_nothing_up()
    {
        var addresses = new Few(3);
        await using var world = await WorldAsync(addresses);
        for (var i = 0; i < 3; i++)
            (await ChooseAsync(world)).ShouldBeNull();
        for (var i = 0; i < 100; i++)
            (await ChooseAsync(world)).ShouldNotBeNull().Code.ShouldBe(ErrorCode.NetworkUnavailable);
        addresses.Given.ShouldBe([0, 1, 2]);
        world.Alerts.Count(a => a.Contains("few are used up", StringComparison.Ordinal)).ShouldBe(1);

        // The operator adds lines to the file: the next index goes on where the last one was.
        addresses.End = 5;
        (await ChooseAsync(world)).ShouldBeNull();
        addresses.Given.ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public async Task Operator_is_told_while_there_is_time_and_again_with_every_hundred()
    {
        var addresses = new Few(1_003);
        await using var world = await WorldAsync(addresses);
        for (var i = 0; i < 3; i++)
            await ChooseAsync(world);
        world.Alerts.ShouldBeEmpty();
        for (var i = 0; i < 110; i++)
            await ChooseAsync(world);
        world.Alerts.Count.ShouldBe(2);
        world.Alerts[0].ShouldContain("Only 999 addresses of few are left");
        world.Alerts[1].ShouldContain("Only 900 addresses of few are left");
    }

    [Fact]
    public async Task Addresses_are_made_ready_from_the_first_that_may_be_asked_for()
    {
        var addresses = new Few(1_000_000);
        await using var world = await WorldAsync(addresses);
        addresses.Refills.ShouldBe([0]);
        for (var i = 0; i < 3; i++)
            await ChooseAsync(world);
        await world.Engine.Addresses.RefillAsync(CancellationToken.None);
        addresses.Refills.ShouldBe([0, 3]);
        // What a stopped process had reserved is lost: the next block of indexes follows the mark.
        await world.RestartAsync();
        await world.WatchAsync();
        await ChooseAsync(world);
        addresses.Given[^1].ShouldBe(addresses.Refills[^1]);
    }

    private static async Task<Rejection?> ChooseAsync(PaymentWorld world)
    {
        var session = await world.OpenSessionAsync(2599, live: false);
        var answer = await world.Engine.Checkout.ChooseAsync(
            SessionId.From(session.Id),
            Ethereum.Id,
            Asset.Usdt,
            CancellationToken.None
        );
        return answer.Rejection;
    }

    private static async Task<PaymentWorld> WorldAsync(IAddressDeriver addresses)
    {
        var world = await PaymentWorld.StartAsync(
            new WorldOptions((_, _, _) => [new SimChain(Ethereum, Instant.FromUnixSeconds(1_795_521_600))])
            {
                Derivers = _ => addresses,
            }
        );
        await world.WatchAsync();
        return world;
    }

    /// <summary>A fake: so many addresses, in the sandbox's form.</summary>
    private sealed class Few(long end) : IAddressDeriver, IAddressPool
    {
        public List<long> Given { get; } = [];

        public List<long> Refills { get; } = [];

        public string Scheme => "few";

        public long End { get; set; } = end;

        public void Refill(long next) => Refills.Add(next);

        public string AddressAt(long index)
        {
            Given.Add(index);
            return StablePay.Chains.Sandbox.SandboxAddress.At(Ethereum.Id, index);
        }

        public byte[]? AgainAt(long index) =>
            System.Text.Encoding.UTF8.GetBytes(StablePay.Chains.Sandbox.SandboxAddress.At(Ethereum.Id, index));
    }
}
