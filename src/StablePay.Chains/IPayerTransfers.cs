namespace StablePay.Chains;

/// <summary>A transfer of a pinned token that a payer's wallet is to sign.</summary>
/// <param name="Payer">The payer's account in display form, as the wallet told it.</param>
/// <param name="To">The deposit address.</param>
/// <param name="Reference">Put into the transaction where the network has a place for it; a hint, never proof.</param>
/// <param name="Now">When it is made.</param>
/// <param name="Until">
/// From when on it must not be taken any more. Solana has no place for it: there a transaction ends with its blockhash,
/// after a minute or so.
/// </param>
public sealed record PayerOrder(
    string Payer,
    string To,
    TokenAmount Amount,
    PaymentReference Reference,
    Instant Now,
    Instant Until
);

/// <summary>
/// What a network's reader adds where a wallet can sign but cannot make or send a transaction from our page: the page's
/// policy lets a wallet's script ask no node (CO-02). Text in and out is in the form that the family's wallets use.
/// </summary>
public interface IPayerTransfers
{
    /// <summary>The unsigned transaction: on TRON JSON as a full node makes it, on Solana base64.</summary>
    /// <exception cref="NodeException">No node told what a transaction must name.</exception>
    Task<Result<string>> MakeAsync(PayerOrder order, CancellationToken ct);

    /// <summary>
    /// Sends what the wallet signed, if it is a transfer that <see cref="MakeAsync"/> makes of this order: we are nobody's
    /// relay. Returns the transaction's hash, on Solana its first signature. Whether it is paid is seen in a block, not
    /// here.
    /// </summary>
    /// <exception cref="NodeException">It may have been sent or not.</exception>
    Task<Result<string>> SendAsync(PayerOrder order, string signed, CancellationToken ct);
}
