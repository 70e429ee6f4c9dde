using System.Numerics;
using System.Text.Json;
using StablePay.Chains;
using StablePay.Chains.Tron;

namespace StablePay.Fuzz.Targets;

/// <summary>
/// A TRON node's block and its transaction infos, one a line. A transfer that comes of them is called a success by
/// both, and its log says the amount.
/// </summary>
internal sealed class TronTarget : IFuzzTarget
{
    public string Name => "tron";

    public void Run(byte[] input)
    {
        var (blockJson, infoJson) = (FuzzNode.Part(input, 0), FuzzNode.Part(input, 1));
        var block = FuzzNode.AskTron(blockJson, (ref Utf8JsonReader json) => TronBlocks.Read(ref json));
        if (block is not null)
        {
            FuzzNode.Readable(block.Header.Time);
            var number = BigInteger.Parse(
                "0" + block.Header.Ref.Hash[..16],
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture
            );
            Must.Equal(number, block.Header.Ref.Height, "the height in a block's id");
        }
        var height = block?.Header.Ref.Height ?? 100;
        var infos = FuzzNode.AskTron(
            infoJson,
            (ref Utf8JsonReader json) => new TronReceiptReader(FuzzNode.Everything, height).Read(ref json)
        );
        if (block is null || infos is null)
            return;
        using var told = FuzzNode.Document(infoJson);
        for (var i = 0; i < Math.Min(infos.Count, block.Transactions.Count); i++)
            foreach (var log in infos[i].Ours)
                Judge(log, infos[i], block.Transactions[i], told.RootElement[i]);
    }

    private static void Judge(TronLog log, TronReceipt receipt, TronBlockTransaction transaction, JsonElement info)
    {
        var (transfer, quarantined) = TronTransfers.Judge(log, receipt, transaction, Networks.Tron);
        Must.Hold(transfer is null || quarantined is null, "a log is one of both at most");
        if (transfer is null)
            return;
        Must.Hold(transaction.Succeeded, "the block calls it a success");
        Must.Equal(info.GetProperty("receipt").GetProperty("result").GetString(), "SUCCESS", "the receipt's result");
        if (info.TryGetProperty("result", out var result))
            Must.Equal(result.GetString(), "SUCESS", "the info's result");
        var told = info.GetProperty("log")[(int)transfer.Position];
        Must.Equal(told.GetProperty("topics").GetArrayLength(), 3, "the topics of what is credited");
        var data = told.GetProperty("data").GetString()!;
        Must.Equal(data.Length, 64, "the length of an amount");
        var amount = BigInteger.Parse("0" + data, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        Must.Equal((BigInteger)transfer.Amount.Atoms, amount, "the amount");
        Must.Hold(amount <= transfer.Token.MaxTransferAtoms, "an amount that can be");
        Must.Hold(TronAddress.TryParse(transfer.To, out _) && TronAddress.TryParse(transfer.From, out _), "addresses");
    }
}
