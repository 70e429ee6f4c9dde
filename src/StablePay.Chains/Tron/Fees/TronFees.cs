using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>
/// What a call needs and costs, read from the chain when it is to be made. A node that says nonsense is a
/// <see cref="NodeException"/>; one that lies can cost at most the caller's cap.
/// </summary>
public sealed class TronFees(TronApi api)
{
    /// <summary>Prices in sun as they are voted at present.</summary>
    public Task<TronPrices> PricesAsync(CancellationToken ct) =>
        api.CallAsync("/wallet/getchainparameters", "{}", TronPrices.Read, ct);

    /// <summary>What an account has left; nothing for one that the network does not know.</summary>
    public Task<TronResources> ResourcesAsync(TronAddress owner, CancellationToken ct) =>
        api.CallAsync("/wallet/getaccountresource", $$"""{"address":"{{owner.ToHex()}}"}""", TronResources.Read, ct);

    /// <summary>
    /// Has a node try exactly this call. A transfer to an address that does not hold the token yet costs about twice as
    /// much as one to an address that does, so an estimate holds for its own recipient only (TRX-12).
    /// </summary>
    /// <param name="call">
    /// Its fee limit is the most that the caller will spend on energy, in sun; its data begins with a function's four
    /// bytes.
    /// </param>
    /// <exception cref="NodeException">No answer, a refusal, or an answer that makes no sense.</exception>
    public async Task<TronEstimate> EstimateAsync(TronTransaction.ContractCall call, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        // Checks the call before a node is asked about it.
        _ = TronTransactions.EncodeUnsigned(call);
        var trial = await api.CallAsync(
            "/wallet/triggerconstantcontract",
            $$"""
            {"owner_address":"{{call.Owner.ToHex()}}","contract_address":"{{call.Contract.ToHex()}}","data":"{{Hex.ToHex(
                call.Data.Span
            )}}"}
            """,
            TronTrial.Read,
            ct
        );
        if (trial.Failure is { } reason)
            return new TronEstimate.WouldFail(reason);
        var prices = await PricesAsync(ct);
        return TronEstimate.Decide(call, trial.Energy, prices, await ResourcesAsync(call.Owner, ct));
    }
}
