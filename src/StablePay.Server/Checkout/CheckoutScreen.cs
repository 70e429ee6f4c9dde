using StablePay.Server.Checkout.Cards;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout;

/// <summary>The whole page of a payment. Which card stands in it follows from the payment alone.</summary>
internal static class CheckoutScreen
{
    public static Html Render(CheckoutView view)
    {
        var card = CardFor(view);
        return Layout.Page(
            new PageFrame
            {
                Language = view.Language,
                Title = card.Title,
                Skip = view.Words["skip"],
                Shop = view.Page.StoreName,
                Banner = view.IsTestMode ? view.Words["test.banner"] : null,
                Path = view.Path,
                Query = Query(view),
                Refresh = card.Refresh,
                Script = "checkout.js",
                Facts = Facts(view, card),
                Footer = Footer(view.Words),
                Main = Html.Of(
                    $"""
                    {OrderPanel.Head(view, card.HasTimer)}
                    <section class="card co-pay stack" aria-labelledby="title">
                    {TestPanel.Played(view)}
                    {card.Content}
                    </section>
                    {OrderPanel.Lines(view)}
                    """
                ),
            }
        );
    }

    public static Html Footer(Words words) =>
        Html.Of(
            $"""
            <p>{words["footer.safety"]}</p>
            <p class="nowrap">{words.Say(
                "footer.by",
                ("name", Html.Trusted("<span class=\"wordmark\">StablePay</span>"))
            )}</p>
            """
        );

    private static Card CardFor(CheckoutView view)
    {
        var page = view.Page;
        var wanted = Wanted.Of(view);
        return page.State switch
        {
            SessionState.Awaiting when !view.IsOpen => EndedCard.Expired(view),
            SessionState.Awaiting when view.ChoosesAgain => ChooseCard.Render(view),
            SessionState.Awaiting when page.Exception == PaymentException.WrongToken => HeldCard.WrongToken(
                view,
                wanted
            ),
            SessionState.Awaiting => wanted is null ? ChooseCard.Render(view) : PayCard.Render(view, wanted),
            SessionState.Underpaid => wanted is null ? EndedCard.Expired(view) : UnderpaidCard.Render(view, wanted),
            SessionState.Confirming => ConfirmingCard.Render(view),
            SessionState.Frozen => HeldCard.Frozen(view),
            SessionState.Paid => PaidCard.Render(view),
            SessionState.Expired or SessionState.Canceled or SessionState.Failed => Ended(view),
        };
    }

    private static Card Ended(CheckoutView view) =>
        view.Page switch
        {
            { Exception: PaymentException.PaidLate } => HeldCard.Late(view),
            { Exception: PaymentException.WrongToken } => HeldCard.WrongToken(view, null),
            { State: SessionState.Failed } => EndedCard.Failed(view),
            { State: SessionState.Canceled } or { CanceledAt: not null } => EndedCard.Canceled(view),
            _ => EndedCard.Expired(view),
        };

    private static List<KeyValuePair<string, string>> Query(CheckoutView view)
    {
        List<KeyValuePair<string, string>> query = [];
        if (view.FromExchange)
            query.Add(new("from", "exchange"));
        if (view.ChoosesAgain)
            query.Add(new("change", "1"));
        if (view.Asked is { } asset)
            query.Add(new("asset", asset.Code));
        if (view.Played is { } played)
            query.Add(new("played", played));
        return query;
    }

    /// <summary>What the script follows. A paid page asks nothing more; one that ended asks now and then.</summary>
    private static List<(string, string)> Facts(CheckoutView view, Card card)
    {
        var page = view.Page;
        List<(string, string)> facts =
        [
            ("state", page.State.PaymentStatus),
            ("version", page.Version.ToString(CultureInfo.InvariantCulture)),
            ("now", page.Now.UnixMs.ToString(CultureInfo.InvariantCulture)),
            ("expires", page.ExpiresAt.UnixMs.ToString(CultureInfo.InvariantCulture)),
        ];
        // Only a test payment's clock can be moved under an open page.
        if (view.IsTestMode)
            facts.Add(("clock", ((long)page.ClockOffset.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));
        if (card.Refresh is not null)
            facts.Add(("status", $"{view.Path}/status"));
        if (!page.State.IsTerminal)
            facts.Add(("events", $"{view.Path}/events"));
        return facts;
    }
}
