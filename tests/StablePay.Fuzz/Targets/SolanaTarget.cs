using System.Numerics;
using System.Text.Json;
using StablePay.Chains;
using StablePay.Chains.Solana;

namespace StablePay.Fuzz.Targets;

/// <summary>
/// A Solana node's block. A transfer that comes of it is what its token account has more than before, in a transaction
/// without an error.
/// </summary>
internal sealed class SolanaTarget : IFuzzTarget
{
    private const long Slot = 100;

    public string Name => "solana";

    public void Run(byte[] input)
    {
        var block = FuzzNode.Ask(
            input,
            (ref Utf8JsonReader json) =>
                new SolanaBlockReader(Slot, new SolanaTransactionReader(FuzzNode.Everything)).Read(ref json)
        );
        if (block is null)
            return;
        FuzzNode.Readable(block.Header.Time);
        Must.Hold(block.Header.Parent.Height < Slot, "a parent stands below");
        using var document = FuzzNode.Document(FuzzNode.Envelope(input));
        var told = document.RootElement.GetProperty("result").GetProperty("transactions");
        Must.Hold(block.Ours.Count <= told.GetArrayLength(), "ours are a part of all");
        // Every owner is ours, so only transactions without token accounts are left out.
        var with = told.EnumerateArray().Where(t => Balances(t, "pre").Any() || Balances(t, "post").Any()).ToList();
        Must.Equal(block.Ours.Count, with.Count, "the transactions with token accounts");
        for (var i = 0; i < with.Count; i++)
            Judge(block.Ours[i], with[i]);
    }

    private static void Judge(SolanaTransaction transaction, JsonElement told)
    {
        var (found, quarantined) = (new List<ObservedTransfer>(), new List<QuarantinedTransfer>());
        SolanaTransfers.Judge(transaction, Networks.Solana, FuzzNode.Everything, found, quarantined);
        foreach (var transfer in found)
        {
            Must.Equal(told.GetProperty("meta").GetProperty("err").ValueKind, JsonValueKind.Null, "the outcome");
            var owner = SolanaAddress.Parse(transfer.To);
            var account = SolanaPrograms.AssociatedAccountOf(
                owner,
                SolanaAddress.Parse(transfer.Token.Contract),
                SolanaPrograms.Token
            );
            var gain = Sum(told, "post", account, transfer) - Sum(told, "pre", account, transfer);
            Must.Equal((BigInteger)transfer.Amount.Atoms, gain, "what the account has more than before");
            Must.Hold(gain <= transfer.Token.MaxTransferAtoms, "an amount that can be");
        }
    }

    private static BigInteger Sum(JsonElement told, string when, SolanaAddress account, ObservedTransfer transfer)
    {
        var keys = told.GetProperty("transaction").GetProperty("accountKeys");
        var sum = BigInteger.Zero;
        foreach (var balance in Balances(told, when))
        {
            var key = keys[balance.GetProperty("accountIndex").GetInt32()].GetProperty("pubkey").GetString();
            if (key != account.ToString())
                continue;
            Must.Equal(balance.GetProperty("mint").GetString(), transfer.Token.Contract, "the mint");
            Must.Equal(balance.GetProperty("owner").GetString(), transfer.To, "the owner");
            sum += BigInteger.Parse(
                balance.GetProperty("uiTokenAmount").GetProperty("amount").GetString()!,
                CultureInfo.InvariantCulture
            );
        }
        return sum;
    }

    private static JsonElement.ArrayEnumerator Balances(JsonElement transaction, string when) =>
        transaction.GetProperty("meta").GetProperty(when + "TokenBalances").EnumerateArray();
}
