namespace StablePay.Core.Checkout;

/// <summary>
/// Where a session stands. Derived from amounts, time and cancellation by the machine, never set by hand.
/// </summary>
public enum SessionState
{
    /// <summary>Nothing that counts has been seen.</summary>
    Awaiting,

    /// <summary>Something has been seen, but less than is due.</summary>
    Underpaid,

    /// <summary>Enough is in blocks; finality is awaited.</summary>
    Confirming,

    /// <summary>Held for a check by a person.</summary>
    Frozen,

    /// <summary>
    /// The amount due is covered by transfers that are final or that the store accepts before they are. One that is
    /// accepted can still be undone by the network, and the session then opens again.
    /// </summary>
    Paid,

    /// <summary>The time ended, or the merchant canceled.</summary>
    Expired,

    /// <summary>The payer canceled.</summary>
    Canceled,

    /// <summary>What had been seen was undone by the network, and the time is over.</summary>
    Failed,
}

/// <summary>A fact beside the state, computed from amounts and times (contract section 4).</summary>
public enum PaymentException
{
    Underpaid,
    Overpaid,
    PaidLate,
    WrongToken,
}

public static class SessionStates
{
    extension(SessionState state)
    {
        public bool IsTerminal =>
            state switch
            {
                SessionState.Paid or SessionState.Expired or SessionState.Canceled or SessionState.Failed => true,
                SessionState.Awaiting or SessionState.Underpaid or SessionState.Confirming or SessionState.Frozen =>
                    false,
            };

        /// <summary>The public <c>payment_status</c>.</summary>
        public string PaymentStatus =>
            state switch
            {
                SessionState.Awaiting or SessionState.Underpaid => "pending",
                SessionState.Confirming => "processing",
                SessionState.Frozen => "frozen",
                SessionState.Paid => "paid",
                SessionState.Expired => "expired",
                SessionState.Canceled => "canceled",
                SessionState.Failed => "failed",
            };
    }

    extension(PaymentException exception)
    {
        /// <summary>The name on the wire.</summary>
        public string WireName =>
            exception switch
            {
                PaymentException.Underpaid => "underpaid",
                PaymentException.Overpaid => "overpaid",
                PaymentException.PaidLate => "paid_late",
                PaymentException.WrongToken => "wrong_token",
            };
    }
}
