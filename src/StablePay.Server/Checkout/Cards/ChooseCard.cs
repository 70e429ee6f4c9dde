using StablePay.Engine.Checkout;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>Which coin, on which network. A plain form.</summary>
internal static class ChooseCard
{
    public static Card Render(CheckoutView view)
    {
        var words = view.Words;
        var assets = view.Page.Options.Select(o => o.Token.Asset).Distinct().ToArray();
        var asset = view.ShownAsset;
        var options = view.Page.Options.Where(o => o.Token.Asset == asset).ToArray();
        var refusal = view.Refusal is null ? Html.None : CardParts.Alert("warn", "alert", Html.Text(view.Refusal));
        var content = Html.Of(
            $"""
            {CardParts.Steps(words, 0)}
            <h1 id="title">{words["choose.title"]}</h1>
            {CardParts.Offline(words)}
            {refusal}
            <div>
            <p class="label" id="coin">{words["choose.coin"]}</p>
            <nav class="seg" aria-labelledby="coin">{assets.Select(a => AssetLink(view, a, a == asset))}</nav>
            </div>
            <form class="stack" method="post" action="{view.Path}/choose">
            <input type="hidden" name="asset" value="{asset.Code}">
            <fieldset>
            <legend class="vh">{words["choose.network"]}</legend>
            <p class="row row--apart" aria-hidden="true"><span class="label">{words[
                "choose.network"
            ]}</span><span class="small">{words["choose.usual"]}</span></p>
            <div class="choices">{Radios(view, options)}</div>
            <p class="hint">{words["choose.hint"]}</p>
            </fieldset>
            {Continue(words, options)}
            </form>
            {CancelForm.Render(view)}
            """
        );
        return new Card(words["choose.title"], content) { HasTimer = true };
    }

    private static Html AssetLink(CheckoutView view, Asset asset, bool isCurrent)
    {
        var current = isCurrent ? Html.Trusted(" aria-current=\"true\"") : Html.None;
        var again = view.Page.Chosen is null ? "" : "&change=1";
        var due = view.DueIn(asset) is { } amount
            ? Html.Of($""" <small class="num">{amount.ToPlainText()}</small>""")
            : Html.None;
        return Html.Of($"""<a href="{view.Path}?asset={asset.Code}{again}"{current}>{asset.Code}{due}</a>""");
    }

    private static IEnumerable<Html> Radios(CheckoutView view, PageOption[] options)
    {
        NetworkId?[] wishes = [view.Page.Chosen?.Token.Network, view.Remembered?.Network];
        var open = options.Where(o => o.IsAvailable).ToArray();
        var selected =
            wishes.Select(w => open.FirstOrDefault(o => o.Network.Id == w)).FirstOrDefault(o => o is not null)
            ?? open.FirstOrDefault();
        return options.Select(option => Radio(view, option, option == selected));
    }

    private static Html Radio(CheckoutView view, PageOption option, bool isSelected)
    {
        var (network, words) = (option.Network, view.Words);
        var state = Html.Trusted(
            !option.IsAvailable ? " disabled"
            : isSelected ? " checked"
            : ""
        );
        var noteKey = "note." + network.Name;
        var note =
            !option.IsAvailable ? WhyNot(option, words)
            : words.Has(noteKey) ? words[noteKey]
            : "";
        var noteLine = note.Length == 0 ? Html.None : Html.Of($"""<span class="choice__note">{note}</span>""");
        var side = option.IsAvailable ? TimeText.Short(option.UsualTime, words) : "";
        return Html.Of(
            $"""
            <label class="choice">
            <input type="radio" name="network" value="{network.Id.Value}" required{state}>
            <span class="choice__name">{CardParts.NetworkName(view, network)}</span>
            {noteLine}
            <span class="choice__side"><span class="vh">{words["choose.usual"]} </span>{side}</span>
            </label>
            """
        );
    }

    /// <summary>The payer hears what they can do nothing about only where it is the coin's own matter.</summary>
    private static string WhyNot(PageOption option, Words words) =>
        "choose.why." + option.WhyNot is var key && words.Has(key) ? words[key] : words["choose.unavailable"];

    private static Html Continue(Words words, PageOption[] options) =>
        options.Any(o => o.IsAvailable)
            ? Html.Of(
                $"""
                <button class="btn btn--primary btn--wide" type="submit">{words["choose.continue"]}{Icons.Use(
                    "right",
                    isDirected: true
                )}</button>
                """
            )
            : CardParts.Alert("warn", "clock", Html.Text(words["choose.none"]));
}

/// <summary>The payer's way out. A post, because it changes something.</summary>
internal static class CancelForm
{
    public static Html Render(CheckoutView view) =>
        view.Page.State != SessionState.Awaiting
            ? Html.None
            : Html.Of(
                $"""
                <form method="post" action="{view.Path}/cancel"><button class="link" type="submit">{view.Words[
                    "cancel"
                ]}</button></form>
                """
            );
}
