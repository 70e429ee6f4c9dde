using StablePay.Chains.Sandbox;
using StablePay.Engine.Checkout;
using StablePay.Storage;

namespace StablePay.Engine.TestMode;

/// <summary>A test payment to make.</summary>
/// <param name="Amount">Coin units as plain digits, <c>41.44</c>; exactly what is missing if null.</param>
/// <param name="Network">A sandbox network; the chosen one if null, or the first offered if none is chosen.</param>
/// <param name="Asset">The chosen coin if null.</param>
/// <param name="From">Who pays, as the transfer's sender; a test wallet if null.</param>
public sealed record SandboxOrder(string? Amount, NetworkId? Network, Asset? Asset, string? From);

/// <summary>A test payment that was sent. It is in no block yet.</summary>
public sealed record SandboxPayment(string TransactionHash, TokenAmount Amount, string From, string To);

/// <summary>
/// Pays a test session with money of the sandbox, as a payer's wallet would: the transfer goes to the sandbox chain,
/// and the watcher finds it there like any other. Nothing of a live session can be reached by it (PAY-17).
/// </summary>
public sealed class PayInSandbox(Database database, SandboxGround ground, ChooseToken choose)
{
    /// <summary>Who pays unless somebody else is named.</summary>
    internal const string TestWallet = "sandbox1testwallet";

    public async Task<Result<SandboxPayment>> RunAsync(SessionId id, SandboxOrder order, CancellationToken ct)
    {
        if (await database.Sessions.FindAsync(id, ct) is not { Live: false } session)
            return new Rejection(ErrorCode.ResourceNotFound, "There is no such test session.");
        var token = ground.TokenOf(session, order.Network, order.Asset);
        if (!token.IsOk)
            return token.Rejection;
        var choice = session.Choices.LastOrDefault(c => c.Token.Network == token.Value.Network);
        if (choice is null)
        {
            if (await choose.RunAsync(id, token.Value.Network, token.Value.Asset, ct) is { } refused)
                return refused;
            session =
                await database.Sessions.FindAsync(id, ct)
                ?? throw new InvariantBrokenException($"{id} was there a moment ago");
            choice = session.Chosen!;
        }
        var amount = AmountOf(session, token.Value, order.Amount);
        if (!amount.IsOk)
            return amount.Rejection;
        var from = order.From ?? TestWallet;
        var hash = await ground
            .Chains[token.Value.Network]
            .PayAsync(new SandboxPayOrder(token.Value, amount.Value.Atoms, from, choice.Address), ct);
        return new SandboxPayment(hash, amount.Value, from, choice.Address);
    }

    private static Result<TokenAmount> AmountOf(CheckoutSession session, Token token, string? text)
    {
        if (text is null)
        {
            var missing = session.Remaining == Coverage.Zero ? session.Quote.Due : session.Remaining;
            return session.Quote.AskFor(missing, token);
        }
        return Decimals.TryParse(text, token.Decimals, out var atoms) && atoms <= token.MaxTransferAtoms
            ? new TokenAmount(token, atoms)
            : new Rejection(
                ErrorCode.ParameterInvalid,
                $"An amount is plain digits with at most {token.Decimals} decimals.",
                "amount"
            );
    }
}
