using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Solana;
using StablePay.Core.Money;

namespace StablePay.Testing.Nodes;

/// <summary>A token account as a transaction finds and leaves it. Nothing checks that it makes sense.</summary>
/// <param name="Before">What it held; null where it was not there.</param>
/// <param name="After">What it holds; null where it is no more.</param>
public sealed record StubBalance(string Account, string Mint, string Owner, ulong? Before, ulong? After)
{
    /// <summary>Whose it is afterwards, if that changes.</summary>
    public string? NewOwner { get; init; }
    public string Program { get; init; } = SolanaPrograms.Token.ToString();
    public int Decimals { get; init; } = 6;

    /// <summary>The account that wallets pay this owner's token to.</summary>
    public static StubBalance Of(string owner, string mint, ulong? before, ulong? after) =>
        new(
            SolanaPrograms
                .AssociatedAccountOf(SolanaAddress.Parse(owner), SolanaAddress.Parse(mint), SolanaPrograms.Token)
                .ToString(),
            mint,
            owner,
            before,
            after
        );
}

/// <summary>Tokens to send to the account that wallets pay this owner to.</summary>
public sealed record StubPayment(string Mint, string To, ulong Atoms);

/// <summary>A mint as the stub tells of it.</summary>
/// <param name="Extensions">The numbers of its Token-2022 extensions.</param>
public sealed record StubMint(string Program, int Decimals, params IReadOnlyList<ushort> Extensions);

/// <summary>A stub of a Solana node. Every fourth slot is skipped.</summary>
public sealed class SolanaStubNode(StubChain? chain = null) : RpcStubNode(chain)
{
    public const long FirstSlot = 250_000_000;

    public Dictionary<string, StubMint> Mints { get; } = [];

    public string GenesisHash { get; set; } = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";

    /// <summary>In which slot the block of a height is.</summary>
    public Func<long, long> SlotOf { get; set; } = UsualSlotOf;

    /// <summary>Three slots of four hold a block.</summary>
    public static long UsualSlotOf(long height) => FirstSlot + height + (height / 3);

    public string HashOf(StubBlock block) => Base58.Encode(Hex.Parse(block.Hash));

    /// <summary>What names a transaction: 64 bytes made from its hash.</summary>
    public static string SignatureOf(StubTransaction transaction) =>
        Base58.Encode(SHA512.HashData(Encoding.UTF8.GetBytes(transaction.Hash)));

    /// <summary>An account made from a name.</summary>
    public static string AddressOf(string name) => new SolanaAddress(Ed25519.PublicKeyOf(KeyOf(name))).ToString();

    /// <summary>The private key of <see cref="AddressOf"/>.</summary>
    public static byte[] KeyOf(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));

    /// <summary>
    /// Payments of one transaction into one account are one movement, which the account's address names.
    /// </summary>
    public static IEnumerable<(long Position, Token Token, string To, UInt128 Atoms)> Joined(
        IEnumerable<(Token Token, string To, UInt128 Atoms)> payments
    ) =>
        payments
            .GroupBy(p => (p.Token, p.To))
            .Select(g =>
                (
                    PositionOf(g.Key.To, g.Key.Token.Contract),
                    g.Key.Token,
                    g.Key.To,
                    g.Aggregate(UInt128.Zero, (sum, p) => sum + p.Atoms)
                )
            );

    /// <summary>The position of movements on the account that wallets pay this owner's token to.</summary>
    public static long PositionOf(string owner, string mint) =>
        SolanaPrograms
            .AssociatedAccountOf(SolanaAddress.Parse(owner), SolanaAddress.Parse(mint), SolanaPrograms.Token)
            .Ordinal;

    /// <summary>A transaction that names these token accounts.</summary>
    /// <param name="version"><c>legacy</c>, 0 or 1.</param>
    public static StubTransaction Transaction(string name, JsonNode version, params IReadOnlyList<StubBalance> balances)
    {
        string[] keys = [AddressOf("fee payer"), .. balances.Select(b => b.Account), SolanaPrograms.Token.ToString()];
        return StubTransaction.Of(name) with
        {
            Moves =
            [
                .. balances.Select(b => new StubChange(
                    b.Mint,
                    b.Account,
                    (BigInteger)(b.After ?? 0) - (b.Before ?? 0),
                    b.NewOwner ?? b.Owner
                )),
            ],
            Told = new JsonObject
            {
                ["transaction"] = new JsonObject
                {
                    ["accountKeys"] = new JsonArray([
                        .. keys.Select(
                            (key, i) =>
                                new JsonObject
                                {
                                    ["pubkey"] = key,
                                    ["signer"] = i == 0,
                                    ["source"] = "transaction",
                                    ["writable"] = i < keys.Length - 1,
                                }
                        ),
                    ]),
                },
                ["meta"] = new JsonObject
                {
                    ["fee"] = 5000,
                    ["preBalances"] = new JsonArray([.. keys.Select(_ => JsonValue.Create(2_039_280))]),
                    ["postBalances"] = new JsonArray([.. keys.Select(_ => JsonValue.Create(2_039_280))]),
                    ["preTokenBalances"] = Told(balances, b => (b.Before, b.Owner)),
                    ["postTokenBalances"] = Told(balances, b => (b.After, b.NewOwner ?? b.Owner)),
                },
                ["version"] = version,
            },
        };
    }

    /// <summary>Pays from a wallet of plenty; each recipient's account held a thousand before.</summary>
    public static StubTransaction Transfer(string name, string from, params IReadOnlyList<StubPayment> payments) =>
        Transaction(
            name,
            0,
            [
                .. payments
                    .GroupBy(p => p.Mint)
                    .Select(g => StubBalance.Of(from, g.Key, Plenty, Plenty - (ulong)g.Sum(p => (decimal)p.Atoms))),
                .. payments
                    .GroupBy(p => (p.Mint, p.To))
                    .Select(g =>
                        StubBalance.Of(g.Key.To, g.Key.Mint, 1_000, 1_000 + (ulong)g.Sum(p => (decimal)p.Atoms))
                    ),
            ]
        );

    private const ulong Plenty = 1_000_000_000_000_000;

    public override JsonNode? TruthOf(StubCall call)
    {
        JsonNode Parameter(int i) => call.Parameters[i]!;
        return call.Method switch
        {
            "getGenesisHash" => GenesisHash,
            "getSlot" => SlotOf(
                Parameter(0)["commitment"]!.GetValue<string>() == "finalized"
                    ? Math.Max(0, Head - FinalizedDistance)
                    : Head
            ),
            "getBlocks" => new JsonArray([
                .. SlotsFrom(Parameter(0).GetValue<long>())
                    .TakeWhile(s => s <= Parameter(1).GetValue<long>())
                    .Select(s => JsonValue.Create(s)),
            ]),
            "getBlock" => BlockIn(Parameter(0).GetValue<long>(), Parameter(1)),
            "getLatestBlockhash" => new JsonObject
            {
                ["context"] = new JsonObject { ["slot"] = SlotOf(Head) },
                ["value"] = new JsonObject { ["blockhash"] = HashOf(Chain.At(Head)!), ["lastValidBlockHeight"] = Head },
            },
            // Nothing comes of it: the first signature, which follows its length of one byte, names it.
            "sendTransaction" => Base58.Encode(
                Convert.FromBase64String(Parameter(0).GetValue<string>()).AsSpan(1, Ed25519.SignatureLength)
            ),
            "getAccountInfo" => new JsonObject
            {
                ["context"] = new JsonObject { ["slot"] = SlotOf(Head) },
                ["value"] = Mints.TryGetValue(Parameter(0).GetValue<string>(), out var mint) ? AccountOf(mint) : null,
            },
            "getMultipleAccounts" => AccountsOf(Parameter(0).AsArray(), Parameter(1)),
            _ => throw new StubRefusedException(-32601, "Method not found"),
        };
    }

    /// <summary>The slots of this node's blocks, from one on.</summary>
    private IEnumerable<long> SlotsFrom(long slot)
    {
        for (var height = HeightFrom(slot); height <= Head; height++)
            yield return SlotOf(height);
    }

    /// <summary>The lowest height whose slot is this or a later one; slots grow with heights.</summary>
    private long HeightFrom(long slot)
    {
        var (low, high) = (0L, Head + 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = SlotOf(middle) < slot ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private JsonObject BlockIn(long slot, JsonNode wish)
    {
        if (slot > SlotOf(Head))
            throw new StubRefusedException(-32004, $"Block not available for slot {slot}");
        var block =
            (SlotsFrom(slot).FirstOrDefault() == slot ? Chain.At(HeightFrom(slot)) : null)
            ?? throw new StubRefusedException(
                -32007,
                $"Slot {slot} was skipped, or missing due to ledger jump to recent snapshot"
            );
        var told = new JsonObject
        {
            ["blockHeight"] = block.Height,
            ["blockTime"] = block.Time,
            ["blockhash"] = HashOf(block),
            ["parentSlot"] = block.Height == 0 ? 0 : SlotOf(block.Height - 1),
            ["previousBlockhash"] =
                block.Height == 0 ? new string('1', 32) : Base58.Encode(Hex.Parse(block.ParentHash)),
        };
        if (wish["transactionDetails"]!.GetValue<string>() == "accounts")
            told["transactions"] = new JsonArray([.. block.Transactions.Select(t => TransactionOf(t, wish))]);
        return told;
    }

    /// <summary>Token accounts as the newest finalized block left them.</summary>
    private JsonObject AccountsOf(JsonArray accounts, JsonNode wish)
    {
        var final = Chain.At(Math.Max(0, Head - FinalizedDistance))!;
        if (wish["minContextSlot"] is { } least && least.GetValue<long>() > SlotOf(final.Height))
            throw new StubRefusedException(-32016, "Minimum context slot has not been reached");
        return new JsonObject
        {
            ["context"] = new JsonObject { ["apiVersion"] = "2.2.0", ["slot"] = SlotOf(final.Height) },
            ["value"] = new JsonArray([.. accounts.Select(a => TokenAccountOf(a!.GetValue<string>(), final))]),
        };
    }

    private JsonObject? TokenAccountOf(string account, StubBlock after)
    {
        const int Length = 165;
        const int OwnerAt = 32;
        const int AmountAt = 64;
        const int StateAt = 108;
        if (Chain.Account(account) is not { Owner: { } owner } known)
            return null;
        var bytes = new byte[Length];
        SolanaAddress.Parse(known.Contract).ToArray().CopyTo(bytes, 0);
        SolanaAddress.Parse(owner).ToArray().CopyTo(bytes, OwnerAt);
        BinaryPrimitives.WriteUInt64LittleEndian(
            bytes.AsSpan(AmountAt),
            (ulong)Balance(Chain, after, known.Contract, account)
        );
        bytes[StateAt] = (byte)(SaysFrozen ? 2 : 1);
        return new JsonObject
        {
            ["data"] = new JsonArray(Convert.ToBase64String(bytes), "base64"),
            ["executable"] = false,
            ["lamports"] = 2_039_280,
            ["owner"] = SolanaPrograms.Token.ToString(),
            ["space"] = Length,
        };
    }

    private static JsonObject TransactionOf(StubTransaction transaction, JsonNode wish)
    {
        var told = (transaction.Told ?? Transaction("vote", "legacy").Told!).DeepClone().AsObject();
        if (told["version"] is JsonValue version && version.TryGetValue(out int number))
            if (wish["maxSupportedTransactionVersion"] is not { } most || most.GetValue<int>() < number)
                throw new StubRefusedException(
                    -32015,
                    $"Transaction version ({number}) is not supported by the requesting client. "
                        + "Please try the request again with the following configuration parameter: "
                        + $"\"maxSupportedTransactionVersion\": {number}"
                );
        told["transaction"]!["signatures"] = new JsonArray(SignatureOf(transaction));
        var failure = new JsonObject { ["InstructionError"] = new JsonArray(0, new JsonObject { ["Custom"] = 1 }) };
        told["meta"]!["err"] = transaction.Succeeded ? null : failure;
        return told;
    }

    private static JsonArray Told(IReadOnlyList<StubBalance> balances, Func<StubBalance, (ulong?, string)> when)
    {
        var told = new JsonArray();
        for (var i = 0; i < balances.Count; i++)
            if (when(balances[i]) is ({ } amount, var owner))
                told.Add(
                    new JsonObject
                    {
                        ["accountIndex"] = i + 1,
                        ["mint"] = balances[i].Mint,
                        ["owner"] = owner,
                        ["programId"] = balances[i].Program,
                        ["uiTokenAmount"] = new JsonObject
                        {
                            ["amount"] = amount.ToString(CultureInfo.InvariantCulture),
                            ["decimals"] = balances[i].Decimals,
                            ["uiAmount"] = amount / Math.Pow(10, balances[i].Decimals),
                            ["uiAmountString"] = "see amount",
                        },
                    }
                );
        return told;
    }

    public static JsonObject AccountOf(StubMint mint)
    {
        const int MintLength = 82;
        const int ExtensionsAt = 166;
        var bytes = new byte[mint.Extensions.Count == 0 ? MintLength : ExtensionsAt + (mint.Extensions.Count * 8)];
        (bytes[44], bytes[45]) = ((byte)mint.Decimals, 1);
        for (var i = 0; i < mint.Extensions.Count; i++)
            (bytes[ExtensionsAt + (i * 8)], bytes[ExtensionsAt + (i * 8) + 2]) = ((byte)mint.Extensions[i], 4);
        return new JsonObject
        {
            ["data"] = new JsonArray(Convert.ToBase64String(bytes), "base64"),
            ["executable"] = false,
            ["lamports"] = 1_461_600,
            ["owner"] = mint.Program,
        };
    }
}
