using System.Text.Json;
using StablePay.Engine.Checkout;
using StablePay.Simulation.Faults;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Workloads;

/// <summary>What a buyer does.</summary>
internal enum Buying
{
    Exactly,
    TooLittle,
    TooMuch,
    InTwoParts,
    Twice,
    Late,
    WrongToken,
    WrongNetwork,
    DustFirst,
    AfterAFailure,
    Never,
    Cancels,
    MerchantCancels,
    ChangesTheCoin,
    FromOurOwnAddress,
}

/// <summary>Orders and what becomes of them outside of StablePay: merchants who ask again, buyers who pay as people do.</summary>
internal static class Orders
{
    public static IReadOnlyList<Happening> All { get; } =
    [
        new("orders", "order", 9, (world, chance) => _ = new Order(world, chance).RunAsync()),
        new("orders", "noise", 30, Noise),
        new("orders", "repeat", 8, Repeat),
        new("orders", "choose-again", 4, ChooseAgain),
    ];

    /// <summary>
    /// A request that was answered comes once more: recorded by somebody on the way and sent as it was, sent again by
    /// its merchant's program, or its key used for something else.
    /// </summary>
    private static void Repeat(SimWorld world, Chance chance)
    {
        var recent = world.Shop.Accepted.Where(a => world.Agenda.Now - a.At < TimeSpan.FromMinutes(5)).ToList();
        if (recent.Count == 0)
            return;
        var request = chance.OneOf(recent).Request;
        var isReplay = request.Idempotency is null || chance.Percent(40);
        var again = isReplay ? request : request with { Nonce = Order.NewNonce(chance) };
        if (!isReplay && chance.Percent(30))
            again = again.ForAnotherOrder(chance);
        _ = again.SendAsync(world, chance);
    }

    /// <summary>A payer who tries one coin after the other, also while the money is on its way.</summary>
    private static void ChooseAgain(SimWorld world, Chance chance)
    {
        if (world.Shop.ShownOn(chance.OneOf(world.Networks), chance) is { } shown)
            _ = new Order(world, chance).ChooseAsync(shown.Session);
    }

    /// <summary>Tokens that only pretend, transfers of nothing, and transactions that fail, all to addresses of ours.</summary>
    private static void Noise(SimWorld world, Chance chance)
    {
        var network = chance.OneOf(world.Networks);
        if (world.Shop.ShownOn(network, chance) is not { } shown)
            return;
        var family = network.Network.Family;
        var stranger = SimFamilies.Stranger(family, "stranger");
        var pretender = SimFamilies.Stranger(family, "pretender");
        var name = $"noise at {world.Steps}";
        network.Send(
            chance.Next(3) switch
            {
                0 => SimFamilies.Transaction(
                    network.Network,
                    name,
                    [new Movement(pretender, stranger, shown.Address, shown.Due.Atoms)]
                ),
                1 => SimFamilies.Transaction(
                    network.Network,
                    name,
                    [new Movement(shown.Due.Token.Contract, stranger, shown.Address, 0)]
                ),
                _ => SimFamilies.Transaction(
                    network.Network,
                    name,
                    [new Movement(shown.Due.Token.Contract, stranger, shown.Address, shown.Due.Atoms)],
                    succeeds: false
                ),
            }
        );
    }
}

/// <summary>One order, from the merchant's request to whatever the buyer does.</summary>
internal sealed class Order(SimWorld world, Chance chance)
{
    private readonly Client _client = new(world, chance);
    private int _payments;

    public async Task RunAsync()
    {
        var merchant = chance.OneOf(world.Shop.Merchants);
        var buying = chance.Weighted(
            (40, Buying.Exactly),
            (8, Buying.TooLittle),
            (6, Buying.TooMuch),
            (8, Buying.InTwoParts),
            (5, Buying.Twice),
            (8, Buying.Late),
            (4, Buying.WrongToken),
            (4, Buying.WrongNetwork),
            (4, Buying.DustFirst),
            (4, Buying.AfterAFailure),
            (6, Buying.Never),
            (3, Buying.Cancels),
            (3, Buying.MerchantCancels),
            (4, Buying.ChangesTheCoin),
            (2, Buying.FromOurOwnAddress)
        );
        if (await OpenAsync(merchant) is not { } session)
            return;
        if (await ChooseAsync(session) is not { } shown)
            return;
        await _client.WaitAsync(chance.Seconds(1, 90));
        await BuyAsync(merchant, session, shown, buying);
    }

    /// <summary>
    /// The merchant asks until there is an answer, each time with a new nonce or, if its program is a bad one, with the
    /// old.
    /// </summary>
    private async Task<SessionId?> OpenAsync(SimMerchant merchant)
    {
        var order = string.Create(CultureInfo.InvariantCulture, $"order-{chance.Next():x}");
        var currency = chance.Weighted((6, "USD"), (2, "EUR"), (1, "GBP"), (1, "JPY"));
        var request = new NewSession(
            new FiatAmount(Currency.Find(currency)!, chance.Between(100, 20_000)),
            new OrderDetails { OrderId = order },
            TimeSpan.FromSeconds(chance.Between(90, 360))
        );
        (string, string)? key = chance.Percent(60) ? ($"key-{order}", OpenRequest.HashOf(order)) : null;
        var nonce = NewNonce(chance);
        // A program that makes its keys badly uses one for two orders at the same time.
        if (key is not null && chance.Percent(20))
            _ = new OpenRequest(merchant, request, key, NewNonce(chance))
                .ForAnotherOrder(chance)
                .SendAsync(world, chance);
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var sent = new OpenRequest(merchant, request, key, nonce);
            var answer = await sent.SendAsync(world, chance);
            if (answer.Status == 200)
                world.Shop.Accept(sent);
            if (answer.Status == 200)
                return SessionId.From(JsonDocument.Parse(answer.Body).RootElement.GetProperty("id").GetString()!);
            if (chance.Percent(80))
                nonce = NewNonce(chance);
            await _client.WaitAsync(chance.Seconds(1, 20));
        }
        return null;
    }

    public async Task<Shown?> ChooseAsync(SessionId session)
    {
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var token = chance.OneOf(chance.OneOf(world.Networks).Network.Tokens);
            var page = await _client.AskAsync(async e =>
                (await e.Checkout.ChooseAsync(session, token.Network, token.Asset, CancellationToken.None))
                    is { IsOk: true } ok
                    ? ok.Value
                    : null!
            );
            if (page is { Chosen: { } choice, Due: { } due })
            {
                var shown = new Shown(session, choice.Token.Network, choice.Address, due, page.ExpiresAt);
                world.Shop.Show(shown);
                return shown;
            }
            await _client.WaitAsync(chance.Seconds(1, 10));
        }
        return null;
    }

    private async Task BuyAsync(SimMerchant merchant, SessionId session, Shown shown, Buying buying)
    {
        var due = shown.Due.Atoms;
        switch (buying)
        {
            case Buying.Exactly:
                Pay(shown, due);
                break;
            case Buying.TooLittle:
                // By a third, by a fee, or by less than a cent.
                Pay(shown, due - (due / (uint)chance.OneOf([3, 30, 300, 3000])));
                break;
            case Buying.TooMuch:
                // Sums with digits to the last place, as people who pay with all that a wallet holds send them.
                Pay(shown, due + (due / 7));
                break;
            case Buying.InTwoParts:
                Pay(shown, due / 3);
                await _client.WaitAsync(chance.Seconds(1, 60));
                Pay(shown, due - (due / 3));
                break;
            case Buying.Twice:
                Pay(shown, due);
                await _client.WaitAsync(chance.Seconds(0, 120));
                Pay(shown, due);
                break;
            case Buying.Late:
                await _client.WaitAsync(shown.Until - world.Agenda.Now + TimeSpan.FromSeconds(chance.Between(-4, 60)));
                Pay(shown, due);
                break;
            case Buying.WrongToken:
                Pay(shown, due, NetworkOf(shown.Network).Network.Tokens.LastOrDefault(t => t != shown.Due.Token));
                break;
            case Buying.WrongNetwork:
                PayElsewhere(shown);
                break;
            case Buying.DustFirst:
                Pay(shown, shown.Due.Token.AtomsPerCent - 1);
                await _client.WaitAsync(chance.Seconds(1, 30));
                Pay(shown, due);
                break;
            case Buying.AfterAFailure:
                Pay(shown, due, succeeds: false);
                await _client.WaitAsync(chance.Seconds(5, 30));
                Pay(shown, due);
                break;
            case Buying.Cancels:
                await _client.AskAsync(async e =>
                {
                    await e.Checkout.CancelByPayerAsync(session, CancellationToken.None);
                    return shown;
                });
                if (chance.Percent(50))
                    Pay(shown, due);
                break;
            case Buying.MerchantCancels:
                await _client.CallAsync(
                    merchant.Store.Live.ApiKey,
                    NewNonce(chance),
                    null,
                    (e, caller) => e.Checkout.CancelAsync(caller, session, CancellationToken.None)
                );
                if (chance.Percent(50))
                    Pay(shown, due);
                break;
            case Buying.ChangesTheCoin:
                var paid = await ChooseAsync(session) is { } other && chance.Percent(50) ? other : shown;
                Pay(paid, paid.Due.Atoms);
                break;
            case Buying.FromOurOwnAddress:
                if (world.Shop.HolderOn(NetworkOf(shown.Network), chance) is { } holder)
                    Pay(shown, UInt128.Min(due, holder.Atoms), holder.Token, from: holder.Address);
                break;
            case Buying.Never:
                break;
        }
    }

    private void Pay(Shown shown, UInt128 atoms, Token? token = null, bool succeeds = true, string? from = null)
    {
        var network = NetworkOf(shown.Network);
        var family = network.Network.Family;
        var isOurs = from is not null;
        from ??= SimFamilies.Stranger(family, "buyer");
        var movement = new Movement((token ?? shown.Due.Token).Contract, from, shown.Address, atoms);
        // An exchange pays several of its customers' bills in one transaction.
        var movements =
            chance.Percent(15) && world.Shop.ShownOn(network, chance) is { } neighbour
                ? (Movement[])
                    [
                        movement,
                        new Movement(
                            shown.Due.Token.Contract,
                            from,
                            SimFamilies.Stranger(family, "somebody"),
                            5_000_000
                        ),
                        new Movement(neighbour.Due.Token.Contract, from, neighbour.Address, neighbour.Due.Atoms),
                    ]
                : [movement];
        network.Send(
            SimFamilies.Transaction(network.Network, NameOf(shown), movements, succeeds) with
            {
                MustHold = isOurs,
            }
        );
    }

    /// <summary>The same address on the other EVM network.</summary>
    private void PayElsewhere(Shown shown)
    {
        var other = world.Networks.FirstOrDefault(n =>
            n.Network.Id != shown.Network && n.Network.Family == NetworkOf(shown.Network).Network.Family
        );
        if (other is null)
            return;
        var token = other.Network.Tokens[0];
        var movement = new Movement(
            token.Contract,
            SimFamilies.Stranger(other.Network.Family, "buyer"),
            shown.Address,
            Coverage.Of(shown.Due).In(token, Rounding.Up).Atoms
        );
        other.Send(SimFamilies.Transaction(other.Network, NameOf(shown), [movement]));
    }

    private string NameOf(Shown shown) =>
        string.Create(CultureInfo.InvariantCulture, $"payment {++_payments} of {shown.Session} by {chance.Next():x}");

    private SimNetwork NetworkOf(NetworkId id) => world.Networks.First(n => n.Network.Id == id);

    public static string NewNonce(Chance chance)
    {
        Span<byte> bytes = stackalloc byte[16];
        chance.Fill(bytes);
        return new Guid(bytes).ToString();
    }
}
