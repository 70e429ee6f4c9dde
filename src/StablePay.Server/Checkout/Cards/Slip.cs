using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>
/// What the payer must send: one value each, from which text, copy buttons, link and code are all drawn (CO-03).
/// </summary>
internal sealed record Wanted(TokenAmount Amount, Network Network, string Address, string? Uri)
{
    public static Wanted? Of(CheckoutView view) =>
        view.IsOpen
        && view.Page is { Chosen: { } chosen, ChosenNetwork: { } network } page
        && (page.Remaining ?? page.Due) is { } amount
            ? new Wanted(amount, network, chosen.Address, page.PaymentUri)
            : null;
}

/// <summary>The slip: amount, network, address; each with one button at the same edge.</summary>
internal static class Slip
{
    private const int GroupLength = 4;

    public static Html Render(CheckoutView view, Wanted wanted, Html amountLabel, bool isTitle, Html amountNote)
    {
        var words = view.Words;
        var heading = Html.Trusted(isTitle ? "h1 id=\"title\"" : "h2");
        var closing = Html.Trusted(isTitle ? "h1" : "h2");
        var note = amountNote.IsNone ? Html.None : Html.Of($"""<p class="hint slip__wide">{amountNote}</p>""");
        var change =
            view.Page.State == SessionState.Awaiting
                ? Html.Of($"""<a class="btn" href="{view.Path}?change=1">{words["pay.change"]}</a>""")
                : Html.None;
        return Html.Of(
            $"""
            <div class="slip">
            <div class="slip__row">
            <{heading}><span class="label">{amountLabel}</span> <span class="slip__value"><span class="num" id="amount">{MoneyText.Number(
                wanted.Amount
            )}</span> <span class="unit">{wanted.Amount.Token.Asset.Code}</span></span></{closing}>
            {Copy(words, wanted.Amount.ToPlainText(), words["copy.amount"], words["copied.amount"])}
            {note}
            </div>
            <div class="slip__row">
            <p><span class="label">{words["pay.network"]}</span> <span class="slip__value">{CardParts.NetworkName(
                view,
                wanted.Network
            )}</span></p>
            {change}
            <p class="hint slip__wide">{words["pay.network_hint"]}</p>
            </div>
            <div class="slip__row">
            <span class="label">{words["pay.address"]}</span>
            {Address(wanted.Address)}
            <p class="hint">{words["pay.address_hint"]}</p>
            {Copy(words, wanted.Address, words["copy.address"], words["copied.address"])}
            </div>
            </div>
            """
        );
    }

    /// <summary>
    /// Groups of four without space characters, so that a manual copy is clean. The first two and the last two groups
    /// are what people compare.
    /// </summary>
    public static Html Address(string address)
    {
        var groups = address.Chunk(GroupLength).Select(c => new string(c)).ToArray();
        var parts = groups.Select(
            (group, i) =>
                i < 2 || i >= groups.Length - 2 ? Html.Of($"<b>{group}</b>") : Html.Of($"<span>{group}</span>")
        );
        return Html.Of($"""<code class="addr" id="address" translate="no">{parts}</code>""");
    }

    /// <param name="name">What stands on the button, if not the short word.</param>
    public static Html Copy(Words words, string value, string label, string said, string? name = null) =>
        Html.Of(
            $"""
            <button class="btn js-only" type="button" aria-label="{label}" data-copy="{value}" data-said="{said}" data-done="{words[
                "copied"
            ]}">{Icons.Use("copy")}<span>{name ?? words["copy"]}</span></button>
            """
        );
}
