using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Tests.Codecs;
using StablePay.Chains.Tron;
using StablePay.Core.Primitives;

namespace StablePay.Chains.Tests.Judges;

/// <summary>TRON's transactions against tronweb, in both directions, over generated inputs.</summary>
[Heavy]
public sealed class TronwebTransactionTests(Judge judge) : IClassFixture<Judge>
{
    private const int Batch = 200;
    private const int Batches = 10;

    // tronweb counts sun and milliseconds in doubles, and refuses call data that is empty.
    private static readonly Gen<(TronTransaction Transaction, byte[] Key)> Transactions =
        TronTransactionsTests.Transactions.Select(c => (Countable(c.Transaction), c.Key));

    private static readonly Gen<TokenTransfer> TokenTransfers = Gen.Select(
        Transactions.Where(c => c.Transaction is TronTransaction.ContractCall),
        TronTransactionsTests.Addresses,
        Words.Any,
        Gen.OneOf(Gen.Const(Array.Empty<byte>()), Gen.Byte.Array[Abi.ReferenceLength]),
        (c, to, atoms, reference) =>
            new TokenTransfer(
                (TronTransaction.ContractCall)c.Transaction with
                {
                    Data = Abi.Transfer(to.Bytes, atoms, reference),
                },
                c.Key,
                to,
                atoms,
                reference
            )
    );

    private sealed record TokenTransfer(
        TronTransaction.ContractCall Call,
        byte[] Key,
        TronAddress To,
        UInt256 Atoms,
        byte[] Reference
    );

    [Fact]
    public void Transactions_that_tronweb_builds_and_signs_are_the_same_bytes_and_are_read() =>
        judge.Compare(
            "tronTransaction",
            Transactions,
            c => Described(c.Transaction, c.Key),
            (c, answer) => IsOurs(answer, TronTransactions.Sign(c.Transaction, c.Key)),
            Batches,
            Batch
        );

    [Fact]
    public void Token_transfers_that_tronweb_builds_are_the_same_bytes_and_are_read() =>
        judge.Compare(
            "tronTransaction",
            TokenTransfers,
            c =>
            {
                var described = Described(c.Call, c.Key);
                described.Remove("data");
                described["to"] = c.To.ToString();
                described["atoms"] = c.Atoms.ToString();
                described["reference"] = Hex.ToHex(c.Reference);
                return described;
            },
            (c, answer) => IsOurs(answer, TronTransactions.Sign(c.Call, c.Key)),
            Batches,
            Batch
        );

    [Fact]
    public void Transactions_that_we_signed_are_read_alike_by_tronweb() =>
        judge.Compare(
            "readTronTransaction",
            Transactions.Select(c => TronTransactions.Sign(c.Transaction, c.Key)),
            signed => Hex.ToData(signed.Raw.Span),
            (signed, answer) =>
            {
                var (transaction, validity) = (signed.Transaction, signed.Transaction.Validity);
                answer["id"]!.Text().ShouldBe(Hex.ToHex(signed.Id.Span));
                answer["signers"]!.Texts().ShouldBe([transaction.Owner.ToHex()], Case.Insensitive);
                answer["contracts"]!.GetValue<int>().ShouldBe(1);
                answer["owner"]!.Text().ToLowerInvariant().ShouldBe(transaction.Owner.ToHex());
                answer["block"]!
                    .Text()
                    .ToLowerInvariant()
                    .ShouldBe($"{validity.BlockNumber:x4}{validity.BlockHash:x16}");
                answer["times"]!.Texts().ShouldBe([$"{validity.From.UnixMs}", $"{validity.Until.UnixMs}"]);
                string[] told =
                [
                    .. new[] { "type", "target", "amount", "data", "feeLimit" }.Select(m =>
                        answer[m]!.Text().ToLowerInvariant()
                    ),
                ];
                told.ShouldBe(
                    transaction switch
                    {
                        TronTransaction.ContractCall call =>
                        [
                            "triggersmartcontract",
                            call.Contract.ToHex(),
                            "0",
                            Hex.ToHex(call.Data.Span),
                            Text(call.FeeLimitSun),
                        ],
                        TronTransaction.NativeTransfer native =>
                        [
                            "transfercontract",
                            native.To.ToHex(),
                            Text(native.AmountSun),
                            "",
                            "0",
                        ],
                        _ => throw new System.Diagnostics.UnreachableException(),
                    }
                );
            },
            Batches,
            Batch
        );

    private static void IsOurs(JsonNode answer, SignedTronTransaction signed)
    {
        answer.Texts().ShouldBe([Hex.ToHex(signed.Id.Span), Hex.ToData(signed.Raw.Span)]);
        var theirs = Hex.Parse(answer.Texts()[1]);
        var read = TronTransactions.Decode(theirs);
        read.Raw.ToArray().ShouldBe(theirs);
        read.Transaction.Owner.ShouldBe(signed.Transaction.Owner);
        TronTransactions.EncodeUnsigned(read.Transaction).ShouldBe(TronTransactions.EncodeUnsigned(signed.Transaction));
    }

    private static TronTransaction Countable(TronTransaction transaction)
    {
        var validity = transaction.Validity;
        var from = (validity.From.UnixMs >> 12) + 1;
        var bounded = validity with
        {
            From = new Instant(from),
            Until = new Instant(from + (validity.Until.UnixMs - validity.From.UnixMs)),
        };
        return transaction switch
        {
            TronTransaction.ContractCall call => call with
            {
                Validity = bounded,
                FeeLimitSun = (call.FeeLimitSun >> 11) + 1,
                Data = call.Data.IsEmpty ? new byte[1] : call.Data,
            },
            TronTransaction.NativeTransfer native => native with
            {
                Validity = bounded,
                AmountSun = (native.AmountSun >> 11) + 1,
            },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static JsonObject Described(TronTransaction transaction, byte[] key)
    {
        var described = new JsonObject
        {
            ["key"] = Hex.ToData(key),
            ["owner"] = transaction.Owner.ToString(),
            ["ref_block_bytes"] = transaction.Validity.BlockNumber.ToString("x4", CultureInfo.InvariantCulture),
            ["ref_block_hash"] = transaction.Validity.BlockHash.ToString("x16", CultureInfo.InvariantCulture),
            ["timestamp"] = transaction.Validity.From.UnixMs,
            ["expiration"] = transaction.Validity.Until.UnixMs,
        };
        if (transaction is TronTransaction.ContractCall call)
        {
            described["contract"] = call.Contract.ToString();
            described["feeLimit"] = call.FeeLimitSun;
            described["data"] = Hex.ToHex(call.Data.Span);
        }
        if (transaction is TronTransaction.NativeTransfer native)
        {
            described["to"] = native.To.ToString();
            described["amount"] = native.AmountSun;
        }
        return described;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
