using StablePay.Engine.Paying;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>
/// On a phone whose browser has no wallet: links that open this page inside one. They are plain links and need no
/// script; styles show them on phones only. With script, a link after which the page is still there shows what else can
/// be done. Nothing is ever opened that was not pressed.
/// </summary>
internal static class DeepLinkList
{
    public static Html Render(CheckoutView view, Wanted wanted)
    {
        var words = view.Words;
        var links = DeepLinks.Of(wanted.Network, $"{view.Page.Url}?lang={view.Language.ShortTag}");
        if (links.Count == 0)
            return Html.None;
        return Html.Of(
            $"""
            <div class="links stack" id="links">
            <p class="label" id="links-title">{words["links.title"]}</p>
            <ul class="links__list" aria-labelledby="links-title">{links.Select(l =>
                Html.Of(
                    $"""<li><a class="btn btn--wide" href="{l.Url}" data-wallet="{l.Wallet}" data-install="{l.Install}" rel="noreferrer">{l.Wallet}</a></li>"""
                )
            )}</ul>
            <div class="alert" data-tone="neutral" id="unopened" hidden data-title="{words[
                "links.unopened"
            ]}" data-install="{words["links.install"]}">{Icons.Use("info")}<p><b>{words.Say(
                "links.unopened",
                ("wallet", Html.Text(links[0].Wallet))
            )}</b></p><p>{words[
                "links.instead"
            ]}</p><p class="row"><a class="btn" rel="noreferrer" href="{links[0].Install}">{words.Say(
                "links.install",
                ("wallet", Html.Text(links[0].Wallet))
            )}</a>{Slip.Copy(
                words,
                wanted.Address,
                words["copy.address"],
                words["copied.address"],
                words["copy.address"]
            )}</p></div>
            <p class="small">{words["links.binance"]}</p>
            </div>
            """
        );
    }
}
