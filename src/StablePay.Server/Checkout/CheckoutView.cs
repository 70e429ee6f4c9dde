using StablePay.Engine.Checkout;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout;

/// <summary>A payment together with how this visitor looks at it.</summary>
internal sealed record CheckoutView
{
    public required CheckoutPage Page { get; init; }
    public required Language Language { get; init; }

    /// <summary>Whether the payer sends from an exchange: then the code holds the address alone.</summary>
    public bool FromExchange { get; init; }

    /// <summary>Whether the payer wants to choose again.</summary>
    public bool ChoosesAgain { get; init; }

    /// <summary>The coin whose networks are shown.</summary>
    public Asset? Asked { get; init; }

    /// <summary>What this browser paid with before.</summary>
    public (Asset Asset, NetworkId Network)? Remembered { get; init; }

    /// <summary>The scenario that this visitor plays; null for none.</summary>
    public string? Played { get; init; }

    /// <summary>Why the last form did nothing; null when it did something.</summary>
    public string? Refusal { get; init; }

    public Words Words => Language.Words;

    public string ShopText => MerchantText.Short(Page.StoreName, MerchantText.NameLength);

    public Html Shop => MerchantText.Isolated(Page.StoreName, MerchantText.NameLength);

    public Html Order => MerchantText.Isolated(Page.Order.OrderId, MerchantText.LineLength);

    public string Path => $"/checkout/{Page.Id}";

    /// <summary>
    /// Whether the address may stand on the page. From the end on it does not, even while the last blocks are still
    /// being read: what is sent now would be late (CO-09).
    /// </summary>
    public bool IsOpen => Page.State is SessionState.Awaiting or SessionState.Underpaid && Page.Now < Page.ExpiresAt;

    public bool IsTestMode => !Page.Live;

    /// <summary>What is due in a coin, before a token is chosen; null where the payment does not take it.</summary>
    public TokenAmount? DueIn(Asset asset) =>
        Page.Quote.PriceOf(asset) is null
            ? null
            : Page.Quote.AskFor(Page.Quote.Due, Page.Options.First(o => o.Token.Asset == asset).Token);

    /// <summary>The coin of the moment: asked for, chosen, remembered, or the first one.</summary>
    public Asset ShownAsset
    {
        get
        {
            var asked = ChoosesAgain || Page.Chosen is null ? Asked : null;
            Asset?[] wishes = [asked, Page.Chosen?.Token.Asset, Remembered?.Asset];
            var offered = Page.Options.Select(o => o.Token.Asset).ToArray();
            return wishes.FirstOrDefault(a => a is { } wish && offered.Contains(wish))
                ?? offered.FirstOrDefault(Asset.Usdt);
        }
    }

    /// <summary>The network's name where it must be matched: 以太坊 Ethereum.</summary>
    public string NameOf(Network network) => Named("network.", network);

    /// <summary>Its name inside a sentence: 以太坊.</summary>
    public string ShortNameOf(Network network) => Named("network.short.", network);

    private string Named(string prefix, Network network) =>
        Words.Has(prefix + network.Name) ? Words[prefix + network.Name] : network.Name;
}
