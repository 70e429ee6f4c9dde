namespace StablePay.Core.Networks;

/// <summary>
/// One movement of a pinned token to an address of ours, as a block's receipts tell it. Produced only by the credit
/// predicate of a chain family (threats A0: P1, P2, P4, P5); whether it is final is the watcher's knowledge.
/// </summary>
/// <param name="Position">
/// Which movement of its transaction. On EVM and TRON the ordinal of the log inside the receipt, which a reorg cannot
/// change as it changes the block-wide log index (EVM-02); on Solana the first 63 bits of the token account's address
/// (P6).
/// </param>
/// <param name="From">The token's sender in display form; may be an exchange (TOK-11).</param>
/// <param name="To">Our address in display form.</param>
public sealed record ObservedTransfer(string TransactionHash, long Position, TokenAmount Amount, string From, string To)
{
    public Token Token => Amount.Token;
}

/// <summary>
/// Something in a block that looks like a transfer to us but violates an expectation. It is stored and shown to the
/// operator, credits nothing, and does not stop the block (TOK-03, TOK-17, TRX-08).
/// </summary>
public sealed record QuarantinedTransfer(string TransactionHash, long Position, string Reason);

/// <summary>What a block holds for us.</summary>
public sealed record BlockTransfers(
    IReadOnlyList<ObservedTransfer> Transfers,
    IReadOnlyList<QuarantinedTransfer> Quarantined
)
{
    public static readonly BlockTransfers None = new([], []);
}
