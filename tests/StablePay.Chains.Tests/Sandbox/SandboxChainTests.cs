using Microsoft.Extensions.Time.Testing;
using StablePay.Chains;
using StablePay.Chains.Sandbox;
using StablePay.Chains.Tests.Contract;
using StablePay.Core.Networks;

namespace StablePay.Chains.Tests.Sandbox;

public sealed class SandboxChainTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly MemorySandboxStore _store = new();
    private readonly Network _network = Networks.Sandbox(TimeSpan.FromSeconds(2), 4)[1];

    [Fact]
    public async Task Payment_waits_for_the_first_block_that_nobody_has_read()
    {
        var chain = Open();
        var to = SandboxAddress.At(_network.Id, 1);
        var ours = new Ours(chain, to);
        var head = await chain.HeadAsync(default);
        await PayAsync(chain, to);
        (await FoundAsync(chain, ours, head)).ShouldBeEmpty();
        _clock.Advance(_network.BlockTime);
        (await FoundAsync(chain, ours, head)).ShouldBeEmpty();
        (await FoundAsync(chain, ours, head + 1)).ShouldHaveSingleItem();
        (await FoundAsync(chain, ours, head + 1)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Block_once_read_does_not_change_for_a_payment_that_comes_later()
    {
        var chain = Open();
        var to = SandboxAddress.At(_network.Id, 1);
        var ours = new Ours(chain, to);
        var head = await chain.HeadAsync(default);
        _clock.Advance(_network.BlockTime);
        (await FoundAsync(chain, ours, head + 1)).ShouldBeEmpty();
        await PayAsync(chain, to);
        (await FoundAsync(chain, ours, head + 1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Chain_is_the_same_after_a_restart_and_in_another_process()
    {
        var chain = Open();
        var to = SandboxAddress.At(_network.Id, 1);
        var ours = new Ours(chain, to);
        var head = await chain.HeadAsync(default);
        await PayAsync(chain, to);
        _clock.Advance(_network.BlockTime * 2);
        var found = (await FoundAsync(chain, ours, head + 1)).ShouldHaveSingleItem();

        var restarted = Open();
        (await restarted.HeaderAtAsync(head + 1, default)).ShouldBe(await chain.HeaderAtAsync(head + 1, default));
        (await FoundAsync(restarted, ours, head + 1)).ShouldHaveSingleItem().ShouldBe(found);
    }

    [Fact]
    public async Task Payment_sent_before_a_restart_is_mined_after_it()
    {
        var to = SandboxAddress.At(_network.Id, 1);
        var before = Open();
        await before.HeadAsync(default);
        await PayAsync(before, to);
        _clock.Advance(TimeSpan.FromHours(1));

        var chain = Open();
        var ours = new Ours(chain, to);
        var head = await chain.HeadAsync(default);
        _clock.Advance(_network.BlockTime);
        (await FoundAsync(chain, ours, head)).ShouldBeEmpty();
        (await FoundAsync(chain, ours, head + 1)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Forked_block_has_another_hash_and_the_same_parent()
    {
        var chain = Open();
        _clock.Advance(_network.BlockTime * 5);
        var head = await chain.HeadAsync(default);
        var before = (await chain.HeaderAtAsync(head, default)).ShouldNotBeNull();
        var parent = (await chain.HeaderAtAsync(head - 1, default)).ShouldNotBeNull();
        await chain.ReorgAsync(1, drop: false, default);
        var after = (await chain.HeaderAtAsync(head, default)).ShouldNotBeNull();
        after.Ref.Hash.ShouldNotBe(before.Ref.Hash);
        after.Parent.ShouldBe(parent.Ref);
        (await chain.HeaderAtAsync(head - 1, default)).ShouldBe(parent);
    }

    [Fact]
    public async Task Block_that_a_fork_replaced_takes_no_waiting_payment()
    {
        var chain = Open();
        var to = SandboxAddress.At(_network.Id, 1);
        var ours = new Ours(chain, to);
        var head = await chain.HeadAsync(default);
        _clock.Advance(_network.BlockTime);
        var stale = (await chain.HeaderAtAsync(head + 1, default)).ShouldNotBeNull();
        await chain.ReorgAsync(1, drop: false, default);
        await PayAsync(chain, to);
        (await Should.ThrowAsync<NodeException>(() => chain.TransfersAsync(stale, ours, default))).Fault.ShouldBe(
            NodeFault.Lagging
        );
        (await FoundAsync(chain, ours, head + 1)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Block_that_is_played_to_leave_leaves_when_another_comes_above_it_and_takes_nothing_along()
    {
        var chain = Open();
        var (to, other) = (SandboxAddress.At(_network.Id, 1), SandboxAddress.At(_network.Id, 2));
        var ours = new Ours(chain, to, other);
        var head = await chain.HeadAsync(default);
        var again = new SandboxFate { ComesAgain = _network.BlockTime * 3 };
        var hash = await chain.PayAsync([OrderTo(to)], again, default);
        await PayAsync(chain, other);
        _clock.Advance(_network.BlockTime);
        (await FoundAsync(chain, ours, head + 1)).ShouldHaveSingleItem().To.ShouldBe(to);
        var first = (await chain.HeaderAtAsync(head + 1, default)).ShouldNotBeNull();
        // Whoever stands below it follows it; whoever stands on it finds another branch.
        (await chain.HeaderAfterAsync(head, head + 1, default)).ShouldBe(first);
        _clock.Advance(_network.BlockTime);
        var next = (await chain.HeaderAfterAsync(head + 1, head + 2, default)).ShouldNotBeNull();
        next.Parent.ShouldNotBe(first.Ref);
        (await chain.HeaderAtAsync(head, default))!.Ref.ShouldBe(
            (await chain.HeaderAtAsync(head + 1, default))!.Parent
        );
        // The other payment stands where it would have stood, and ours comes again in its time.
        (await FoundAsync(chain, ours, head + 1))
            .ShouldHaveSingleItem()
            .To.ShouldBe(other);
        (await FoundAsync(chain, ours, head + 2)).ShouldBeEmpty();
        _clock.Advance(_network.BlockTime * 3);
        for (var height = head + 3; height < head + 5; height++)
            (await FoundAsync(chain, ours, height)).ShouldBeEmpty();
        (await FoundAsync(chain, ours, head + 5)).ShouldHaveSingleItem().TransactionHash.ShouldBe(hash);
    }

    [Fact]
    public async Task Payment_that_has_to_wait_goes_into_no_block_before_its_time()
    {
        var chain = Open();
        var to = SandboxAddress.At(_network.Id, 1);
        var ours = new Ours(chain, to);
        var head = await chain.HeadAsync(default);
        await chain.PayAsync([OrderTo(to)], new SandboxFate { Wait = _network.BlockTime * 2 }, default);
        _clock.Advance(_network.BlockTime * 2);
        (await FoundAsync(chain, ours, head + 1)).ShouldBeEmpty();
        (await FoundAsync(chain, ours, head + 2)).ShouldHaveSingleItem();
    }

    [Fact]
    public void Addresses_are_of_one_network_or_of_both_evm_networks_and_of_no_wallet()
    {
        string[] AddressesOf(string network) =>
            [.. Enumerable.Range(0, 200).Select(i => new SandboxDeriver(new(network)).AddressAt(i))];
        AddressesOf("sandbox:bsc").ShouldBe(AddressesOf("sandbox:ethereum"));
        var addresses = ((string[])["sandbox:ethereum", "sandbox:tron", "sandbox:solana"])
            .SelectMany(AddressesOf)
            .Append(SandboxAddress.Any(new SeededDice(3)))
            .ToList();
        addresses.ShouldBeUnique();
        foreach (var address in addresses)
            SandboxAddress.TryRead(address, out _).ShouldBeTrue(address);
        SandboxAddress.At(_network.Id, 0).ShouldBe(new SandboxDeriver(_network.Id).AddressAt(0));
    }

    private SandboxChain Open() => new(_network, _store, new SeededDice(3), _clock);

    private SandboxPayOrder OrderTo(string to) => new(_network.Tokens[0], 5_000_000, "sandbox1testwallet", to);

    private Task<string> PayAsync(SandboxChain chain, string to) => chain.PayAsync(OrderTo(to), default);

    private static async Task<IReadOnlyList<ObservedTransfer>> FoundAsync(SandboxChain chain, Ours ours, long height)
    {
        var header = (await chain.HeaderAtAsync(height, default)).ShouldNotBeNull();
        return (await chain.TransfersAsync(header, ours, default)).Transfers;
    }
}
