using System.Security.Cryptography;
using CsCheck;
using Google.Protobuf;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Tron;
using StablePay.Core.Networks;
using StablePay.Core.Primitives;

namespace StablePay.Chains.Tests.Codecs;

public sealed class TronTransactionsTests
{
    private const long DayMs = 86_400_000;

    private static readonly byte[] Key = Hex.Parse(string.Concat(Enumerable.Repeat("46", 32)));

    internal static readonly Gen<TronAddress> Addresses = Gen
        .Byte.Array[20]
        .Select(b => new TronAddress(new EvmAddress(b)));

    private static readonly Gen<TronValidity> Validities = Gen.Select(
        Gen.UShort,
        Gen.ULong,
        Gen.Long[1, long.MaxValue - DayMs],
        Gen.Long[1, DayMs],
        (number, hash, from, lifetime) =>
            new TronValidity(number, hash, new Instant(from), new Instant(from + lifetime))
    );

    private static readonly Gen<byte[]> CallData = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        Gen.Select(Addresses, Words.Any, (to, atoms) => Abi.Transfer(to.Bytes, atoms)),
        Gen.Select(
            Addresses,
            Words.Any,
            Gen.Byte.Array[Abi.ReferenceLength],
            (to, atoms, reference) => Abi.Transfer(to.Bytes, atoms, reference)
        )
    );

    /// <summary>Transactions with the key of their owner.</summary>
    internal static readonly Gen<(TronTransaction Transaction, byte[] Key)> Transactions = Gen.Select(
        EvmTransactionsTests.PrivateKeys,
        Validities,
        Addresses,
        Gen.Long[1, long.MaxValue],
        Gen.OneOf(Gen.Const((byte[]?)null), CallData.Select(d => (byte[]?)d)),
        (key, validity, target, sun, data) =>
            (
                data is null
                    ? (TronTransaction)
                        new TronTransaction.NativeTransfer
                        {
                            Validity = validity,
                            Owner = OwnerOf(key),
                            To = target,
                            AmountSun = sun,
                        }
                    : new TronTransaction.ContractCall
                    {
                        Validity = validity,
                        Owner = OwnerOf(key),
                        Contract = target,
                        Data = data,
                        FeeLimitSun = sun,
                    },
                key
            )
    );

    private static readonly TronTransaction.ContractCall Call = new()
    {
        Validity = new TronValidity(0x1234, 0x0102030405060708, new Instant(1_790_000_000_000), new(1_790_000_060_000)),
        Owner = OwnerOf(Key),
        Contract = TronAddress.Parse("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
        Data = Abi.Transfer(new EvmAddress(new byte[20]), 7UL),
        FeeLimitSun = 30_000_000,
    };

    private static readonly TronTransaction.NativeTransfer Native = new()
    {
        Validity = Call.Validity,
        Owner = Call.Owner,
        To = Call.Contract,
        AmountSun = 1,
    };

    internal static TronAddress OwnerOf(byte[] key) => new(EvmAddress.FromPublicKey(Secp256k1.PublicKey(key)));

    [Fact]
    public void What_was_signed_is_read_back_whole() =>
        Transactions.Sample(
            (transaction, key) =>
            {
                var signed = TronTransactions.Sign(transaction, key);
                var read = TronTransactions.Decode(signed.Raw);
                Same(read.Transaction, transaction).ShouldBeTrue();
                read.Raw.ToArray().ShouldBe(signed.Raw.ToArray());
                read.Id.ToArray().ShouldBe(SHA256.HashData(TronTransactions.EncodeUnsigned(transaction)));
                TronTransactions.BandwidthOf(transaction).ShouldBe(signed.Raw.Length + 64);
            },
            iter: 300
        );

    [Fact]
    public void REF_16_a_changed_transaction_is_never_its_owners() =>
        Gen.Select(Transactions, Gen.Int[0, 10_000], Gen.Int[0, 7])
            .Sample(
                (case_, at, bit) =>
                {
                    var changed = TronTransactions.Sign(case_.Transaction, case_.Key).Raw.ToArray();
                    changed[at % changed.Length] ^= (byte)(1 << bit);
                    Should.Throw<FormatException>(() => TronTransactions.Decode(changed));
                },
                iter: 300
            );

    [Fact]
    public void Bytes_that_are_cut_or_made_up_are_refused_with_one_exception() =>
        Gen.Select(Transactions, Gen.Int[0, 10_000], Gen.Byte.Array[0, 40])
            .Sample(
                (case_, at, more) =>
                {
                    var raw = TronTransactions.Sign(case_.Transaction, case_.Key).Raw.ToArray();
                    Should.Throw<FormatException>(() => TronTransactions.Decode(raw.AsMemory(0, at % raw.Length)));
                    Should.Throw<FormatException>(() => TronTransactions.Decode(more));
                },
                iter: 300
            );

    [Fact]
    public void TRX_14_a_transaction_is_valid_from_its_blocks_time_on()
    {
        var hash = "0000000004a7ffff" + "0102030405060708" + new string('9', 32);
        var block = new BlockHeader(
            new(0x4a7ffff, hash),
            new(0x4a7fffe, new string('8', 64)),
            new Instant(1_790_000_000_123)
        );
        var validity = TronValidity.Of(block, TimeSpan.FromMinutes(10));
        validity.ShouldBe(
            new TronValidity(0xffff, 0x0102030405060708, block.Time, new Instant(1_790_000_000_123 + 600_000))
        );
        Should.Throw<FormatException>(() => TronValidity.Of(block with { Ref = new(1, "00ff") }, TimeSpan.Zero));
    }

    public static TheoryData<string, object> Senseless =>
        new()
        {
            { "valid for nothing", Call with { Validity = Call.Validity with { Until = Call.Validity.From } } },
            { "valid before it is", Call with { Validity = Call.Validity with { Until = new Instant(1) } } },
            { "of no time", Call with { Validity = Call.Validity with { From = default } } },
            { "for a day and more", Call with { Validity = Call.Validity with { Until = After(DayMs + 1) } } },
            { "for ever", Call with { Validity = Call.Validity with { Until = new Instant(long.MaxValue) } } },
            { "a call for free", Call with { FeeLimitSun = 0 } },
            { "a call for less", Call with { FeeLimitSun = -1 } },
            { "a transfer of nothing", Native with { AmountSun = 0 } },
            { "a transfer back", Native with { AmountSun = long.MinValue } },
            { "a transfer to oneself", Native with { To = Native.Owner } },
        };

    [Theory]
    [MemberData(nameof(Senseless), DisableDiscoveryEnumeration = true)]
    public void Transactions_that_make_no_sense_are_not_signed(string why, object transaction) =>
        Should.Throw<ArgumentException>(() => TronTransactions.Sign((TronTransaction)transaction, Key), why);

    [Fact]
    public void TRX_14_a_whole_day_is_the_longest() =>
        TronTransactions
            .Decode(
                TronTransactions.Sign(Call with { Validity = Call.Validity with { Until = After(DayMs) } }, Key).Raw
            )
            .Transaction.Validity.Until.ShouldBe(After(DayMs));

    [Fact]
    public void Nobody_signs_for_another_owner() =>
        Should.Throw<ArgumentException>(() => TronTransactions.Sign(Call with { Owner = Call.Contract }, Key));

    [Fact]
    public void References_are_16_bytes_after_the_call_or_none()
    {
        var to = new EvmAddress(new byte[20]);
        var reference = Enumerable.Range(1, 16).Select(i => (byte)i).ToArray();
        Abi.Transfer(to, 5UL, reference).ShouldBe([.. Abi.Transfer(to, 5UL), .. reference]);
        Abi.Transfer(to, 5UL, []).ShouldBe(Abi.Transfer(to, 5UL));
        foreach (var length in new[] { 1, 15, 17, 32 })
            Should.Throw<ArgumentException>(() => Abi.Transfer(to, 5UL, new byte[length]));
    }

    public static TheoryData<string, string> Foreign =>
        new()
        {
            { "a memo", "raw_data has a field 10" },
            { "two contracts", "more than one contract" },
            { "two signatures", "more than one signature" },
            { "no signature", "A signature has 65 bytes" },
            { "a signature of 64 bytes", "A signature has 65 bytes" },
            { "a signature with 0 for 27", "A signature has 65 bytes" },
            { "a result", "The transaction has a field 5" },
            { "another type", "type 2 is not read" },
            { "no type", "type 0 is not read" },
            { "the other type's URL", "not of its type" },
            { "another URL", "not of its type" },
            { "a permission", "contract has a field 5" },
            { "call value", "TriggerSmartContract has a field 3" },
            { "token value", "TriggerSmartContract has a field 5" },
            { "an address without 41", "owner_address has 21 bytes" },
            { "a short address", "contract_address has 21 bytes" },
            { "a long reference block", "with 2 and 8 bytes" },
            { "a number for bytes", "with 2 and 8 bytes" },
            { "a fixed number", "of another kind" },
            { "a longer number", "spelt otherwise" },
            { "another order", "spelt otherwise" },
            { "the signature first", "spelt otherwise" },
            { "nothing", "with 2 and 8 bytes" },
        };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Messages_that_are_not_ours_are_refused_with_their_reason(string what, string reason) =>
        Should.Throw<FormatException>(() => TronTransactions.Decode(Forged.Of(what))).Message.ShouldContain(reason);

    [Fact]
    public void A_message_written_field_by_field_is_ours() =>
        Forged.Of("").ShouldBe(TronTransactions.Sign(Call, Key).Raw.ToArray());

    private static Instant After(long ms) => new(Call.Validity.From.UnixMs + ms);

    private static bool Same(TronTransaction a, TronTransaction b) =>
        (a, b) switch
        {
            (TronTransaction.ContractCall x, TronTransaction.ContractCall y) => x == y with { Data = x.Data }
                && x.Data.Span.SequenceEqual(y.Data.Span),
            _ => a == b,
        };

    /// <summary><see cref="Call"/> written by hand, with one thing changed and signed again.</summary>
    private static class Forged
    {
        public static byte[] Of(string what)
        {
            if (what == "nothing")
                return [];
            var raw = RawData(what);
            var signature = SignatureOf(raw);
            return Message(output =>
            {
                if (what == "the signature first")
                    Bytes(output, 2, signature);
                Bytes(output, 1, raw);
                if (what == "a signature of 64 bytes")
                    signature = signature[..64];
                if (what == "a signature with 0 for 27")
                    signature[64] -= 27;
                if (what is not ("no signature" or "the signature first"))
                    Bytes(output, 2, signature);
                if (what == "two signatures")
                    Bytes(output, 2, signature);
                if (what == "a result")
                    Bytes(output, 5, [0x18, 0x01]);
            });
        }

        private static byte[] SignatureOf(byte[] raw)
        {
            var made = Secp256k1.Sign(SHA256.HashData(raw), Key);
            return [.. made.R.Span, .. made.S.Span, (byte)(27 + made.RecoveryId)];
        }

        private static byte[] RawData(string what) =>
            Message(output =>
            {
                if (what == "a number for bytes")
                    Number(output, 1, 0x1234);
                else
                    Bytes(output, 1, what == "a long reference block" ? [0, 0x12, 0x34] : [0x12, 0x34]);
                if (what == "another order")
                    Number(output, 8, Call.Validity.Until.UnixMs);
                Bytes(output, 4, [1, 2, 3, 4, 5, 6, 7, 8]);
                if (what == "a longer number")
                    output.WriteRawTag(0xc0, 0x00);
                if (what == "a longer number")
                    output.WriteInt64(Call.Validity.Until.UnixMs);
                else if (what != "another order")
                    Number(output, 8, Call.Validity.Until.UnixMs);
                if (what == "a memo")
                    Bytes(output, 10, [1]);
                Bytes(output, 11, Contract(what));
                if (what == "two contracts")
                    Bytes(output, 11, Contract(what));
                Number(output, 14, Call.Validity.From.UnixMs);
                if (what == "a fixed number")
                {
                    output.WriteTag(18, WireFormat.WireType.Fixed64);
                    output.WriteFixed64(30_000_000);
                }
                else
                    Number(output, 18, Call.FeeLimitSun);
            });

        private static byte[] Contract(string what) =>
            Message(output =>
            {
                if (what != "no type")
                    Number(output, 1, what == "another type" ? 2 : 31);
                Bytes(
                    output,
                    2,
                    Message(parameter =>
                    {
                        Bytes(parameter, 1, System.Text.Encoding.ASCII.GetBytes(Url(what)));
                        Bytes(parameter, 2, Value(what));
                    })
                );
                if (what == "a permission")
                    Number(output, 5, 2);
            });

        private static string Url(string what) =>
            what switch
            {
                "the other type's URL" => "type.googleapis.com/protocol.TransferContract",
                "another URL" => "/protocol.TriggerSmartContract",
                _ => "type.googleapis.com/protocol.TriggerSmartContract",
            };

        private static byte[] Value(string what) =>
            Message(output =>
            {
                var owner = Hex.Parse(Call.Owner.ToHex());
                if (what == "an address without 41")
                    owner[0] = 0xa0;
                Bytes(output, 1, owner);
                Bytes(output, 2, Hex.Parse(Call.Contract.ToHex())[..(what == "a short address" ? 20 : 21)]);
                if (what == "call value")
                    Number(output, 3, 1);
                Bytes(output, 4, Call.Data.ToArray());
                if (what == "token value")
                    Number(output, 5, 1);
            });

        private static byte[] Message(Action<CodedOutputStream> fields)
        {
            using var stream = new MemoryStream();
            using (var output = new CodedOutputStream(stream, leaveOpen: true))
                fields(output);
            return stream.ToArray();
        }

        private static void Bytes(CodedOutputStream output, int field, byte[] bytes)
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(bytes));
        }

        private static void Number(CodedOutputStream output, int field, long number)
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteInt64(number);
        }
    }
}
