using System.Text.Json.Nodes;
using CsCheck;
using StablePay.Chains.Solana;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Solana;

/// <summary>Deposits on Solana that are none, or less than they seem.</summary>
public sealed class SolanaThreatTests : IAsyncDisposable
{
    private static readonly string Mint = SolanaStub.Usdt.Contract;
    private static readonly string Us = SolanaStub.Us;
    private static readonly string Stranger = SolanaStubNode.AddressOf("stranger");

    private readonly SolanaStub _solana = new();

    public ValueTask DisposeAsync() => _solana.DisposeAsync();

    private static StubBalance Ours(ulong? before, ulong? after) => StubBalance.Of(Us, Mint, before, after);

    [Theory]
    [InlineData("""{"InstructionError":[0,{"Custom":1}]}""")]
    [InlineData("\"AccountInUse\"")]
    [InlineData("{}")]
    [InlineData("false")]
    [InlineData("0")]
    [InlineData("absent")]
    public async Task SOL_01_outcome_that_is_not_there_and_null_credits_nothing(string err)
    {
        _solana.Change(t =>
        {
            if (err == "absent")
                t["meta"]!.AsObject().Remove("err");
            else
                t["meta"]!["err"] = JsonNode.Parse(err);
        });
        (await _solana.ReadAsync(SolanaStub.Pay(5))).ShouldBe(BlockTransfers.None);
        _solana.Node1.Instead = null;
        (await _solana.ReadAsync(SolanaStub.Pay(5))).Transfers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task SOL_02_namesake_of_another_mint_is_nothing()
    {
        var other = SolanaStubNode.AddressOf("another mint with the same symbol");
        (await _solana.ReadAsync(SolanaStub.With(StubBalance.Of(Us, other, null, 5)))).ShouldBe(BlockTransfers.None);
    }

    [Fact]
    public async Task SOL_02_pinned_mint_under_another_program_is_set_aside()
    {
        var program = SolanaPrograms.Token2022;
        var account = SolanaPrograms.AssociatedAccountOf(SolanaAddress.Parse(Us), SolanaAddress.Parse(Mint), program);
        var read = await _solana.ReadAsync(
            SolanaStub.With(new StubBalance($"{account}", Mint, Us, 0, 5) { Program = $"{program}" })
        );
        read.Transfers.ShouldBeEmpty();
        read.Quarantined.ShouldHaveSingleItem().Reason.ShouldContain("not by the Token program");
    }

    [Fact]
    public void TOK_04_only_pinned_mints_programs_and_accounts_credit() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Bool, Gen.Int[0, 9])
            .Sample(
                (bytes, own, decimals) =>
                {
                    var mint = new SolanaAddress(bytes);
                    var owner = SolanaAddress.Parse(Us);
                    var program = own ? SolanaPrograms.Token : mint;
                    var account = SolanaPrograms.AssociatedAccountOf(owner, mint, SolanaPrograms.Token);
                    var (found, aside) = Judge(account, new SolanaBalance(0, mint, owner, program, 5, decimals));
                    found.ShouldBeEmpty();
                    aside.ShouldBeEmpty();
                    var pinned = SolanaAddress.Parse(Mint);
                    (found, aside) = Judge(account, new SolanaBalance(0, pinned, owner, program, 5, decimals));
                    found.ShouldBeEmpty("the account does not follow from the mint");
                    aside.Count.ShouldBe(1);
                },
                iter: 10_000
            );

    [Fact]
    public async Task SOL_03_account_whose_owner_was_set_to_us_is_set_aside()
    {
        // The stranger's own account, full of the stranger's own tokens, becomes ours by name and stays where it is.
        var theirs = StubBalance.Of(Stranger, Mint, 5_000_000, 5_000_000) with
        {
            NewOwner = Us,
        };
        var read = await _solana.ReadAsync(SolanaStub.With(theirs));
        read.Transfers.ShouldBeEmpty();
        var aside = read.Quarantined.ShouldHaveSingleItem();
        aside.Reason.ShouldContain("changed hands");
        aside.Position.ShouldBe(SolanaStub.PositionOf(Stranger, Mint));
    }

    [Fact]
    public async Task SOL_03_account_of_ours_that_is_given_away_is_set_aside()
    {
        var read = await _solana.ReadAsync(SolanaStub.With(Ours(5, 9) with { NewOwner = Stranger }));
        read.Transfers.ShouldBeEmpty();
        read.Quarantined.ShouldHaveSingleItem().Reason.ShouldContain("changed hands");
    }

    [Fact]
    public async Task SOL_03_new_account_of_ours_at_another_address_is_set_aside()
    {
        var elsewhere = new StubBalance(SolanaStubNode.AddressOf("keypair account"), Mint, Us, null, 5);
        var read = await _solana.ReadAsync(SolanaStub.With(elsewhere));
        read.Transfers.ShouldBeEmpty();
        read.Quarantined.ShouldHaveSingleItem().Reason.ShouldContain("than the associated one");
    }

    [Theory]
    [InlineData(7ul, 12ul, 5)]
    [InlineData(7ul, 7ul, 0)]
    [InlineData(0ul, 1ul, 1)]
    public async Task SOL_04_what_is_held_more_afterwards_is_the_amount_however_it_came(
        ulong before,
        ulong after,
        int amount
    )
    {
        var read = await _solana.ReadAsync(SolanaStub.With(Ours(before, after)));
        read.Transfers.ShouldHaveSingleItem().Amount.Atoms.ShouldBe((UInt128)amount);
    }

    [Fact]
    public async Task SOL_04_less_than_before_is_no_payment() =>
        (await _solana.ReadAsync(SolanaStub.With(Ours(9, 4)))).ShouldBe(BlockTransfers.None);

    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    public async Task SOL_05_mint_of_token_2022_is_refused_with_its_extensions(ushort extension)
    {
        _solana.Node1.Mints[Mint] = new StubMint($"{SolanaPrograms.Token2022}", 6, extension, 18);
        var refused = await Should.ThrowAsync<WrongNetworkException>(() => _solana.Chain.ProbeAsync(default));
        refused.Message.ShouldContain($"Token-2022, which is not taken; its extensions are: {extension}, 18");
    }

    [Fact]
    public async Task SOL_06_account_made_by_the_payment_held_nothing_before()
    {
        var read = await _solana.ReadAsync(SolanaStub.With(Ours(null, 5)));
        read.Transfers.ShouldHaveSingleItem().Amount.Atoms.ShouldBe((UInt128)5);
    }

    [Fact]
    public async Task SOL_06_account_closed_empty_is_nothing() =>
        (await _solana.ReadAsync(SolanaStub.With(Ours(0, null)))).ShouldBe(BlockTransfers.None);

    [Fact]
    public async Task SOL_06_account_closed_with_a_balance_is_set_aside()
    {
        var read = await _solana.ReadAsync(SolanaStub.With(Ours(5, null)));
        read.Transfers.ShouldBeEmpty();
        read.Quarantined.ShouldHaveSingleItem().Reason.ShouldContain("closed with 5");
    }

    [Fact]
    public async Task SOL_07_our_address_as_a_reference_of_a_payment_to_others_is_nothing()
    {
        _solana.Change(t =>
            t["transaction"]!["accountKeys"]!
                .AsArray()
                .Add(JsonNode.Parse($$"""{"pubkey":"{{Us}}","signer":false,"source":"transaction","writable":false}"""))
        );
        var read = await _solana.ReadAsync(
            SolanaStubNode.Transfer("elsewhere", SolanaStub.Payer, new StubPayment(Mint, Stranger, 5_000_000))
        );
        read.ShouldBe(BlockTransfers.None);
    }

    [Heavy]
    [Fact]
    public async Task SOL_09_two_payments_among_all_the_spam_that_a_slot_can_hold_are_found()
    {
        var spam = Enumerable
            .Range(0, 3_000)
            .Select(i => SolanaStubNode.Transaction($"spam {i}", 0, StubBalance.Of(Stranger, Mint, 1, 1)))
            .ToList();
        var read = await _solana.ReadAsync([
            SolanaStub.Pay(5, "first"),
            .. spam,
            SolanaStub.With(Ours(5, 5)),
            SolanaStub.Pay(7, "last"),
        ]);
        read.Transfers.Select(t => (int)t.Amount.Atoms).ShouldBe([5, 0, 7]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task SOL_10_account_that_a_lookup_table_gave_is_found_by_its_place_after_the_static_keys(int version)
    {
        var made = SolanaStubNode.Transaction(
            "looked up",
            version,
            StubBalance.Of(SolanaStub.Payer, Mint, 100, 88),
            Ours(3, 15)
        );
        var keys = made.Told!["transaction"]!["accountKeys"]!.AsArray();
        // The program is a static key and comes before the accounts that the table gave.
        var program = keys[^1]!.DeepClone();
        keys.RemoveAt(keys.Count - 1);
        keys.Insert(1, program);
        foreach (var key in keys.Skip(2))
            key!["source"] = "lookupTable";
        foreach (var list in (string[])["preTokenBalances", "postTokenBalances"])
        foreach (var balance in made.Told["meta"]![list]!.AsArray())
            balance!["accountIndex"] = balance["accountIndex"]!.GetValue<int>() + 1;

        var transfer = (await _solana.ReadAsync(made)).Transfers.ShouldHaveSingleItem();
        (transfer.Amount.Atoms, transfer.From, transfer.To).ShouldBe(((UInt128)12, SolanaStub.Payer, Us));
        transfer.Position.ShouldBe(SolanaStub.PositionOf(Us, Mint));
        transfer.TransactionHash.ShouldBe(SolanaStubNode.SignatureOf(made));
    }

    [Theory]
    [InlineData("1e6")]
    [InlineData("5.0")]
    [InlineData("-5")]
    [InlineData("+5")]
    [InlineData("05")]
    [InlineData(" 5")]
    [InlineData("")]
    [InlineData("18446744073709551616")]
    public async Task SOL_15_amount_that_is_no_plain_number_is_a_fault(string amount)
    {
        _solana.Change(t => t["meta"]!["postTokenBalances"]![0]!["uiTokenAmount"]!["amount"] = amount);
        (await _solana.FaultAsync(SolanaStub.With(Ours(0, 5)))).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task SOL_15_only_the_digits_of_the_amount_are_believed()
    {
        _solana.Change(t =>
        {
            var held = t["meta"]!["postTokenBalances"]![0]!["uiTokenAmount"]!;
            (held["uiAmount"], held["uiAmountString"]) = (1e9, "1000000000");
        });
        var read = await _solana.ReadAsync(SolanaStub.With(Ours(0, 9_007_199_254_740_993)));
        read.Transfers.ShouldHaveSingleItem().Amount.Atoms.ShouldBe((UInt128)9_007_199_254_740_993);
    }

    [Fact]
    public async Task TOK_10_payments_of_one_transaction_to_several_of_us_are_told_each_and_a_second_to_one_is_added()
    {
        var usdc = Networks.Solana.Tokens[1].Contract;
        var other = SolanaStub.AddressOf(1);
        var both = new Contract.Ours(_solana.Chain, Us, other);
        var header = await _solana.MineAsync(
            SolanaStubNode.Transfer(
                "exchange",
                SolanaStub.Payer,
                new StubPayment(Mint, Us, 5),
                new StubPayment(Mint, Stranger, 6),
                new StubPayment(Mint, other, 7),
                new StubPayment(usdc, Us, 8),
                new StubPayment(Mint, Us, 9)
            )
        );
        var read = await _solana.Chain.TransfersAsync(header, both, default);
        read.Transfers.Select(t => ($"{t.Token.Asset}", t.To, (int)t.Amount.Atoms))
            .ShouldBe([("USDT", Us, 14), ("USDT", other, 7), ("USDC", Us, 8)]);
        read.Transfers.Select(t => t.Position).ShouldBeUnique();
        read.Transfers.ShouldAllBe(t => t.From == SolanaStub.Payer);
    }

    [Fact]
    public async Task TOK_11_payer_is_whose_account_fell_most_and_for_new_tokens_whoever_paid_the_fee()
    {
        var read = await _solana.ReadAsync(
            SolanaStub.With(
                StubBalance.Of(Stranger, Mint, 10, 8),
                StubBalance.Of(SolanaStub.Payer, Mint, 10, 3),
                Ours(null, 9)
            )
        );
        read.Transfers.ShouldHaveSingleItem().From.ShouldBe(SolanaStub.Payer);
        read = await _solana.ReadAsync(SolanaStub.With(Ours(null, 9)));
        read.Transfers.ShouldHaveSingleItem().From.ShouldBe(SolanaStubNode.AddressOf("fee payer"));
    }

    [Fact]
    public async Task TOK_16_balance_with_other_decimals_is_set_aside()
    {
        var read = await _solana.ReadAsync(SolanaStub.With(Ours(0, 5) with { Decimals = 9 }));
        read.Transfers.ShouldBeEmpty();
        read.Quarantined.ShouldHaveSingleItem().Reason.ShouldContain("pinned are 6");
    }

    [Fact]
    public async Task TRX_08_transaction_that_is_set_aside_does_not_stop_the_next()
    {
        var read = await _solana.ReadAsync(SolanaStub.With(Ours(5, null)), SolanaStub.Pay(7));
        read.Quarantined.ShouldHaveSingleItem();
        read.Transfers.ShouldHaveSingleItem().Amount.Atoms.ShouldBe((UInt128)7);
    }

    /// <summary>
    /// Whatever a transaction does to accounts, we are credited with at most what the associated account holds more.
    /// </summary>
    [Heavy]
    [Fact]
    public void SOL_03_never_more_is_credited_than_our_own_account_gained() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[0, 1], Gen.UInt[0, 9], Gen.UInt[0, 9], Gen.Int[0, 3])
            .Array[1, 6]
            .Sample(
                accounts =>
                {
                    var owners = new[] { SolanaAddress.Parse(Us), SolanaAddress.Parse(Stranger) };
                    var mint = SolanaAddress.Parse(Mint);
                    var associated = SolanaPrograms.AssociatedAccountOf(owners[0], mint, SolanaPrograms.Token);
                    var keys = new List<SolanaAddress>();
                    var (before, after) = (new List<SolanaBalance>(), new List<SolanaBalance>());
                    var gained = UInt128.Zero;
                    foreach (var (where, from, to, had, has, there) in accounts)
                    {
                        var isAssociated = where == 0 && !keys.Contains(associated);
                        keys.Add(isAssociated ? associated : SolanaAddress.Parse(SolanaStub.AddressOf(keys.Count)));
                        var at = keys.Count - 1;
                        if (there is 0 or 1)
                            before.Add(new(at, mint, owners[from], SolanaPrograms.Token, had, 6));
                        if (there is 0 or 2)
                            after.Add(new(at, mint, owners[to], SolanaPrograms.Token, has, 6));
                        if (isAssociated && there == 0 && from == 0 && to == 0 && has > had)
                            gained += has - had;
                        if (isAssociated && there == 2 && to == 0)
                            gained += has;
                    }
                    var (found, _) = Judge(keys, before, after);
                    found.Aggregate(UInt128.Zero, (sum, t) => sum + t.Amount.Atoms).ShouldBe(gained);
                },
                iter: 20_000
            );

    private static (List<ObservedTransfer> Found, List<QuarantinedTransfer> Aside) Judge(
        SolanaAddress account,
        SolanaBalance after
    ) => Judge([account], [], [after]);

    private static (List<ObservedTransfer> Found, List<QuarantinedTransfer> Aside) Judge(
        IReadOnlyList<SolanaAddress> keys,
        IReadOnlyList<SolanaBalance> before,
        IReadOnlyList<SolanaBalance> after
    )
    {
        var (found, aside) = (new List<ObservedTransfer>(), new List<QuarantinedTransfer>());
        SolanaTransfers.Judge(
            new SolanaTransaction("signature", true, keys, before, after),
            Networks.Solana,
            new OneOwner(SolanaAddress.Parse(Us)),
            found,
            aside
        );
        return (found, aside);
    }

    private sealed class OneOwner(SolanaAddress owner) : IAddressFilter
    {
        private readonly byte[] _owner = owner.ToArray();

        public bool MayContain(ReadOnlySpan<byte> address) => address.SequenceEqual(_owner);
    }
}
