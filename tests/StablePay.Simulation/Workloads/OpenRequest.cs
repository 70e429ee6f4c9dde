using System.Text;
using StablePay.Engine.Access;
using StablePay.Engine.Checkout;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Workloads;

/// <summary>A merchant's signed request for a session, as it is on the wire.</summary>
/// <param name="Idempotency">The key, and the hash of what it is used for; null without a key.</param>
internal sealed record OpenRequest(
    SimMerchant Merchant,
    NewSession Session,
    (string Key, string Hash)? Idempotency,
    string Nonce
)
{
    /// <summary>The same key with another order in it.</summary>
    public OpenRequest ForAnotherOrder(Chance chance)
    {
        var order = string.Create(CultureInfo.InvariantCulture, $"order-{chance.Next():x}");
        return this with
        {
            Session = Session with { Order = new OrderDetails { OrderId = order } },
            Idempotency = Idempotency is { } used ? (used.Key, HashOf(order)) : null,
        };
    }

    public static string HashOf(string order) => RequestClaims.HashOf("POST", "/", Encoding.UTF8.GetBytes(order));

    /// <summary>Asks once, and lets the auditor see the answer.</summary>
    public async Task<Answered> SendAsync(SimWorld world, Chance chance)
    {
        var answer = await new Client(world, chance).CallAsync(
            Merchant.Store.Live.ApiKey,
            Nonce,
            Idempotency,
            (engine, caller) => engine.Checkout.OpenAsync(caller, Session, CancellationToken.None)
        );
        world.Auditor.Answered(Merchant, Session.Order.OrderId, Idempotency?.Key, Nonce, answer);
        return answer;
    }
}

/// <summary>A request that its merchant got an answer to.</summary>
internal sealed record AcceptedRequest(OpenRequest Request, Instant At);
