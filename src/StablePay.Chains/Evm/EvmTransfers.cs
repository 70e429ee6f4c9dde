namespace StablePay.Chains.Evm;

/// <summary>
/// The credit predicate of EVM networks (threats A0), the only place that turns a log into a transfer: pinned token of
/// this chain (P1), receipt with status 0x1 (P2), of exactly this block and transaction (P3, EVM-18), an amount that a
/// stablecoin can have (P4), a recipient of ours (P5), identified by the log's ordinal in its receipt (P6). Call data
/// and traces are never looked at (TOK-08, TOK-09).
/// </summary>
internal static class EvmTransfers
{
    /// <summary>The pinned token whose contract wrote the log; null if it is none (P1, TOK-01, TOK-02).</summary>
    public static Token? TokenOf(EvmLog log, Network network) => network.FindContract(log.Contract.ToString());

    /// <summary>One log with its receipt: a transfer, or what is wrong with it.</summary>
    public static (ObservedTransfer? Transfer, QuarantinedTransfer? Quarantined) Judge(
        EvmLog log,
        EvmReceipt receipt,
        BlockRef block,
        Network network
    )
    {
        if (TokenOf(log, network) is not { } token)
            return (null, null);
        if (receipt.TransactionHash != log.TransactionHash)
            throw new NodeException(
                NodeFault.Malformed,
                $"asked for the receipt of {log.TransactionHash}, got another's"
            );
        if (receipt.BlockHash != block.Hash)
            throw new NodeException(NodeFault.Lagging, $"the receipt of {log.TransactionHash} is of another block");
        var position = OrdinalOf(log, receipt);
        if (position < 0 || !receipt.Succeeded)
            throw new NodeException(
                NodeFault.Malformed,
                $"log {log.LogIndex} of {log.TransactionHash} is not in its successful receipt"
            );
        return log.Form.Refusal(token, out var atoms) is { } reason
            ? (null, new QuarantinedTransfer(log.TransactionHash, position, reason))
            : (
                new ObservedTransfer(
                    log.TransactionHash,
                    position,
                    new TokenAmount(token, atoms),
                    log.Form.From.ToString(),
                    log.Form.To.ToString()
                ),
                null
            );
    }

    private static int OrdinalOf(EvmLog log, EvmReceipt receipt)
    {
        for (var i = 0; i < receipt.Logs.Count; i++)
            if (receipt.Logs[i].LogIndex == log.LogIndex)
                return Agrees(log, receipt.Logs[i]) ? i : -1;
        return -1;
    }

    /// <summary>Two answers of a node about one log must say the same.</summary>
    private static bool Agrees(EvmLog log, EvmReceiptLog again)
    {
        if (log.Contract != again.Contract)
            return false;
        if (log.Form.Malformed is not null)
            return true;
        Span<byte> word = stackalloc byte[32];
        log.Form.From.WriteTopic(word);
        var from = Hex.ToData(word);
        log.Form.To.WriteTopic(word);
        var to = Hex.ToData(word);
        log.Form.Value.WriteBigEndian(word);
        return again.Topics == $"{Hex.ToData(Abi.TransferTopic)},{from},{to}" && again.Data == Hex.ToData(word);
    }
}
