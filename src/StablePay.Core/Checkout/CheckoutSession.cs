namespace StablePay.Core.Checkout;

/// <summary>A token the payer chose, and the address of ours that it was shown with.</summary>
/// <param name="AddressIndex">The derivation index of the address; issued to one session for ever (A1).</param>
public sealed record Choice(Token Token, string Address, long AddressIndex)
{
    /// <inheritdoc cref="PaymentReference"/>
    public PaymentReference ReferenceIn(SessionId session) => PaymentReference.Of(session, Token, Address);
}

/// <summary>
/// An amount we expect and credit, with its hosted page. The amount due, the rate and every address once shown never
/// change (S4).
/// </summary>
public sealed record CheckoutSession
{
    public required SessionId Id { get; init; }
    public required MerchantId Merchant { get; init; }
    public required StoreId Store { get; init; }

    /// <summary>Live sessions take money on public networks, test sessions on the sandbox.</summary>
    public required bool Live { get; init; }

    public required OrderDetails Order { get; init; }
    public required Quote Quote { get; init; }
    public required Instant CreatedAt { get; init; }
    public required Instant ExpiresAt { get; init; }

    /// <summary>How much less still counts as paid, in hundredths of a percent of the amount due; 0 to 1,000.</summary>
    public required int ToleranceBasisPoints { get; init; }

    public SessionState State { get; init; } = SessionState.Awaiting;

    /// <summary>Every token chosen so far; the last one is shown now. Money in any of them counts.</summary>
    public IReadOnlyList<Choice> Choices { get; init; } = [];

    /// <summary>Counted transfers in blocks of the chain we follow, final ones included.</summary>
    public Coverage Included { get; init; }

    /// <summary>Counted transfers that the store's acceptance table takes, final ones included.</summary>
    public Coverage Accepted { get; init; }

    /// <summary>Counted transfers that are irreversible.</summary>
    public Coverage Final { get; init; }

    /// <summary>Irreversible transfers that came too late to count.</summary>
    public Coverage Late { get; init; }

    /// <summary>Transfers in blocks, in a known token or on a network that the payer did not choose.</summary>
    public int UnattributedTransfers { get; init; }

    /// <summary>Whether a counted transfer has ever lost its block: an end without money is then a failure.</summary>
    public bool WasReversed { get; init; }

    public Instant? PaidAt { get; init; }

    /// <summary>When the merchant or the payer canceled.</summary>
    public Instant? CanceledAt { get; init; }

    /// <summary>1 when created; increases by one with every change (S1).</summary>
    public long Version { get; init; } = 1;

    /// <summary>
    /// Without a choice that is not what was decided, before its address was ever shown (PAY-12). The same session
    /// where there is none in this token.
    /// </summary>
    public CheckoutSession Without(Token token) =>
        Choices.All(c => c.Token != token)
            ? this
            : this with
            {
                Choices = [.. Choices.Where(c => c.Token != token)],
                Version = Version + 1,
            };

    public Choice? Chosen => Choices.Count == 0 ? null : Choices[^1];

    /// <summary>What must be covered: the due amount less the tolerance, rounded in the merchant's favour.</summary>
    public Coverage Required
    {
        get
        {
            var due = Quote.Due.Value;
            return new Coverage(due - (due / 10_000 * (uint)ToleranceBasisPoints));
        }
    }

    /// <summary>Paid, and by final money alone: what was missing then is missing for good.</summary>
    public bool IsSettled => State == SessionState.Paid && Final >= Required;

    /// <summary>What is still to be sent; zero once enough has been seen.</summary>
    public Coverage Remaining => Included >= Required ? Coverage.Zero : Quote.Due.Missing(Included);

    /// <summary>Final money beyond the amount due: it is the payer's (PAY-03).</summary>
    public Coverage Surplus => State == SessionState.Paid ? Final.Beyond(Quote.Due) : Coverage.Zero;

    /// <summary>The one exception to tell, the gravest first; null when all is as ordered.</summary>
    public PaymentException? Exception
    {
        get
        {
            if (Late > Coverage.Zero && State != SessionState.Paid)
                return PaymentException.PaidLate;
            if (UnattributedTransfers > 0)
                return PaymentException.WrongToken;
            if (Surplus.ToCents(Rounding.Down) > 0)
                return PaymentException.Overpaid;
            if (Late > Coverage.Zero)
                return PaymentException.PaidLate;
            return State != SessionState.Paid && Included > Coverage.Zero && Included < Required
                ? PaymentException.Underpaid
                : null;
        }
    }

    /// <summary>
    /// What a transfer of this token in a block of this time means for the session as it is now. The end second still
    /// counts: block times are whole seconds.
    /// </summary>
    public TransferClass Classify(TokenAmount amount, Instant blockTime)
    {
        if (amount.Atoms < amount.Token.AtomsPerCent)
            return TransferClass.Dust;
        if (Choices.All(c => c.Token != amount.Token))
            return TransferClass.Unattributed;
        var ended = State.IsTerminal && State != SessionState.Paid;
        return ended || blockTime.UnixSeconds > ExpiresAt.UnixSeconds ? TransferClass.Late : TransferClass.Counted;
    }
}
