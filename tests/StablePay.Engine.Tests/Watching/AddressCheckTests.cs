using Microsoft.Data.Sqlite;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Core.Errors;
using StablePay.Engine.Checkout;

namespace StablePay.Engine.Tests.Watching;

/// <summary>Addresses that are not the same wherever they stand, and so are shown to nobody (threats.md A5).</summary>
public sealed class AddressCheckTests
{
    private static readonly NetworkId Id = new("eip155:31337");
    private static readonly NetworkId Sibling = new("eip155:31338");

    [Fact]
    public async Task PAY_12_address_that_is_another_when_derived_again_is_not_shown_and_its_index_is_lost()
    {
        var addresses = new Numbered();
        await using var world = await WorldAsync(addresses);
        addresses.Wrong.Add(1);
        (await ChooseAsync(world)).Index.ShouldBe(0);
        var session = await world.OpenSessionAsync(2_599, live: true);
        var failed = await ChooseAsync(world, session);
        failed.Refused!.Code.ShouldBe(ErrorCode.AddressUncertain);
        world.Alerts.ShouldHaveSingleItem().ShouldContain($"the address {addresses.AddressAt(1)} of index 1 is 0x");
        await NothingIsShownAsync(world, session, addresses.AddressAt(1));
        // The same payer may try again, and gets the next one.
        (await ChooseAsync(world, session)).Index.ShouldBe(2);
        (await ChooseAsync(world)).Index.ShouldBe(3);
        world.Alerts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task PAY_12_text_that_the_network_reads_as_no_address_is_not_shown()
    {
        var addresses = new Numbered();
        await using var world = await WorldAsync(addresses);
        addresses.Lower = true;
        (await ChooseAsync(world)).Refused!.Code.ShouldBe(ErrorCode.AddressUncertain);
        world.Alerts.ShouldHaveSingleItem().ShouldContain("index 0 cannot be read back");
        addresses.Lower = false;
        (await ChooseAsync(world)).Index.ShouldBe(1);
    }

    [Fact]
    public async Task PAY_12_address_that_one_watcher_of_its_space_reads_otherwise_is_not_shown()
    {
        var addresses = new Numbered();
        await using var world = await WorldAsync(addresses, misreads: true);
        var session = await world.OpenSessionAsync(2_599, live: true);
        (await ChooseAsync(world, session)).Refused!.Code.ShouldBe(ErrorCode.AddressUncertain);
        world.Alerts.ShouldHaveSingleItem().ShouldContain("index 0 is not what the watchers look for");
        await NothingIsShownAsync(world, session, addresses.AddressAt(0));
    }

    [Theory]
    [InlineData("update deposit_addresses set address_index = address_index + 1000 where address = new.address")]
    [InlineData("update deposit_addresses set address = '0x' || substr(address, 4) || '0' where address = new.address")]
    public async Task PAY_12_row_that_is_not_what_was_decided_takes_the_choice_back(string change)
    {
        var addresses = new Numbered();
        await using var world = await WorldAsync(addresses);
        await ExecuteAsync(world, $"create trigger wrong after insert on deposit_addresses begin {change}; end");
        var session = await world.OpenSessionAsync(2_599, live: true);
        (await ChooseAsync(world, session)).Refused!.Code.ShouldBe(ErrorCode.AddressUncertain);
        world.Alerts.ShouldHaveSingleItem().ShouldContain("index 0 is not what stands in the database");
        var page = (await world.Engine.Checkout.PageAsync(SessionId.From(session.Id), default)).ShouldNotBeNull();
        (page.Chosen, page.PaymentUri, page.State).ShouldBe((null, null, SessionState.Awaiting));

        await ExecuteAsync(world, "drop trigger wrong");
        (await ChooseAsync(world, session)).Index.ShouldBe(1);
    }

    private static async Task NothingIsShownAsync(PaymentWorld world, SessionView session, string address)
    {
        var page = (await world.Engine.Checkout.PageAsync(SessionId.From(session.Id), default)).ShouldNotBeNull();
        (page.Chosen, page.PaymentUri, page.Version).ShouldBe((null, null, 1));
        (await world.Database.Addresses.FindAsync(Id, address, default)).ShouldBeNull();
    }

    private static async Task ExecuteAsync(PaymentWorld world, string text)
    {
        await using var connection = new SqliteConnection($"Data Source={world.DatabasePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<(Rejection? Refused, long? Index)> ChooseAsync(
        PaymentWorld world,
        SessionView? session = null
    )
    {
        session ??= await world.OpenSessionAsync(2_599, live: true);
        var answer = await world.Engine.Checkout.ChooseAsync(SessionId.From(session.Id), Id, Asset.Usdt, default);
        return answer.IsOk ? (null, answer.Value.Chosen!.AddressIndex) : (answer.Rejection, null);
    }

    private static async Task<PaymentWorld> WorldAsync(Numbered addresses, bool misreads = false)
    {
        var start = Instant.FromUnixSeconds(1_795_521_600);
        var world = await PaymentWorld.StartAsync(
            new WorldOptions(
                (_, _, _) =>
                    [
                        SimPaymentTest.ChainOf(Id, new FinalityRule.Depth(12)),
                        new SimChain(SimPaymentTest.ChainOf(Sibling, new FinalityRule.Depth(12)).Network, start)
                        {
                            Misreads = misreads,
                        },
                    ]
            )
            {
                Derivers = _ => addresses,
            }
        );
        await world.WatchAsync();
        return world;
    }

    /// <summary>A fake: the index itself is the address, and some indexes are wrong.</summary>
    private sealed class Numbered : IAddressDeriver
    {
        public HashSet<long> Wrong { get; } = [];

        /// <summary>Texts are in lower case, which is not the one display form.</summary>
        public bool Lower { get; set; }

        public string Scheme => "eip155";

        public long End => 1_000_000;

        public string AddressAt(long index) => Lower ? Of(index).ToString().ToLowerInvariant() : Of(index).ToString();

        public byte[]? AgainAt(long index) => Of(Wrong.Contains(index) ? index + 1 : index).ToArray();

        private static EvmAddress Of(long index)
        {
            var bytes = new byte[EvmAddress.Length];
            bytes.AsSpan(0, 12).Fill(0xab);
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(12), index);
            return new EvmAddress(bytes);
        }
    }
}
