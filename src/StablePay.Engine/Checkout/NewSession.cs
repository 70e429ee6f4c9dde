namespace StablePay.Engine.Checkout;

/// <summary>What a merchant asks for; its form has been checked, its meaning has not.</summary>
/// <param name="Lifetime">How long the session stays open; the store's setting if null.</param>
public sealed record NewSession(FiatAmount Amount, OrderDetails Order, TimeSpan? Lifetime);

/// <summary>A session as it is answered: its view, and the one serialisation of it.</summary>
public sealed record SessionAnswer(SessionView View, byte[] Json);
