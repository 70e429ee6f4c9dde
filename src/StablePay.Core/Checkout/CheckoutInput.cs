namespace StablePay.Core.Checkout;

/// <summary>What can happen to a session.</summary>
public abstract record CheckoutInput
{
    private CheckoutInput() { }

    /// <summary>The payer chose a token; its address was issued to this session.</summary>
    public sealed record Chosen(Choice Choice) : CheckoutInput;

    /// <summary>A transfer of a class decided by <see cref="CheckoutSession.Classify"/> came into a block.</summary>
    public sealed record Included(TokenAmount Amount, TransferClass Class) : CheckoutInput;

    /// <summary>A counted transfer is deep enough for the store's own acceptance table.</summary>
    public sealed record Accepted(TokenAmount Amount) : CheckoutInput;

    /// <summary>A transfer's block left the chain we follow.</summary>
    public sealed record Orphaned(TokenAmount Amount, TransferClass Class, bool WasAccepted = false) : CheckoutInput;

    /// <summary>A transfer became irreversible.</summary>
    public sealed record Finalized(TokenAmount Amount, TransferClass Class, bool WasAccepted = false) : CheckoutInput;

    /// <summary>
    /// The time is over, and the watcher of every network that was shown has connected a block later than the end
    /// (PAY-07, S5).
    /// </summary>
    public sealed record TimeOver : CheckoutInput;

    public sealed record CanceledByMerchant : CheckoutInput;

    public sealed record CanceledByPayer : CheckoutInput;
}
