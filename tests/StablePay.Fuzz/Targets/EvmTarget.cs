using System.Numerics;
using System.Text.Json;
using StablePay.Chains;
using StablePay.Chains.Evm;

namespace StablePay.Fuzz.Targets;

/// <summary>
/// An EVM node's logs, receipt and header, one a line. A transfer that comes of them stands in the receipt, word by
/// word, with a success status, and has an amount that can be.
/// </summary>
internal sealed class EvmTarget : IFuzzTarget
{
    private static readonly BlockRef Block = new(100, "0x" + new string('b', 64));
    private static readonly string TransferTopic = Hex.ToData(Abi.TransferTopic);

    public string Name => "evm";

    public void Run(byte[] input)
    {
        var receiptJson = FuzzNode.Part(input, 1);
        var logs = FuzzNode.Ask(
            FuzzNode.Part(input, 0),
            (ref Utf8JsonReader json) => new EvmLogReader(FuzzNode.Everything, Block.Hash).Read(ref json)
        );
        var receipt = FuzzNode.Ask(receiptJson, (ref Utf8JsonReader json) => EvmReceipts.Read(ref json));
        var header = FuzzNode.Ask(FuzzNode.Part(input, 2), (ref Utf8JsonReader json) => EvmBlocks.Read(ref json));
        if (header is not null)
            Header(header);
        if (receipt is not null && header is not null)
            EvmReceipts.Prove([receipt], Block, header.Bloom);
        if (logs is null)
            return;
        Must.Hold(logs.Ours.Count <= logs.Count, "ours are a part of all");
        if (receipt is null)
            return;
        using var document = FuzzNode.Document(FuzzNode.Envelope(receiptJson));
        foreach (var log in logs.Ours)
            Judge(log, receipt, document.RootElement.GetProperty("result"));
    }

    private static void Header(EvmHeader header)
    {
        FuzzNode.Readable(header.Header.Time);
        Must.Hold(header.Header.Ref.Height >= 0, "a height is not below zero");
        Must.Equal(header.Header.Ref.Hash.Length, 66, "a hash's length");
    }

    private static void Judge(EvmLog log, EvmReceipt receipt, JsonElement told)
    {
        try
        {
            var (transfer, quarantined) = EvmTransfers.Judge(log, receipt, Block, Networks.Ethereum);
            Must.Hold(transfer is null || quarantined is null, "a log is one of both at most");
            if (transfer is not null)
                Prove(transfer, told);
        }
        catch (NodeException)
        {
            // The two answers contradict each other.
        }
    }

    private static void Prove(ObservedTransfer transfer, JsonElement receipt)
    {
        Must.Equal(receipt.GetProperty("status").GetString(), "0x1", "the status of what is credited");
        Must.Equal(HexOf(receipt.GetProperty("blockHash")), Block.Hash, "the block of what is credited");
        Must.Equal(HexOf(receipt.GetProperty("transactionHash")), transfer.TransactionHash, "the transaction");
        var log = receipt.GetProperty("logs")[(int)transfer.Position];
        Must.Equal(
            HexOf(log.GetProperty("address")),
            transfer.Token.Contract.ToLowerInvariant(),
            "the contract of what is credited"
        );
        var topics = log.GetProperty("topics").EnumerateArray().Select(HexOf).ToList();
        Must.Equal(topics.Count, 3, "the topics of what is credited");
        Must.Equal(topics[0], TransferTopic, "the event of what is credited");
        Must.Equal(topics[1], "0x" + new string('0', 24) + transfer.From[2..].ToLowerInvariant(), "the sender");
        Must.Equal(topics[2], "0x" + new string('0', 24) + transfer.To[2..].ToLowerInvariant(), "the recipient");
        var data = HexOf(log.GetProperty("data"));
        Must.Equal(data.Length, 66, "the length of an amount");
        var amount = BigInteger.Parse("0" + data[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        Must.Equal((BigInteger)transfer.Amount.Atoms, amount, "the amount");
        Must.Hold(amount <= transfer.Token.MaxTransferAtoms, "an amount that can be");
    }

    /// <summary>Lower case, with 0x, as hashes and data are compared.</summary>
    private static string HexOf(JsonElement hex) => Hex.ToData(Hex.Parse(hex.GetString()!));
}
