using StablePay.Chains;
using StablePay.Engine.Paying;

namespace StablePay.Engine.Tests.Paying;

/// <summary>Every wallet wants its own writing of our page's address; these are the strings, letter by letter.</summary>
public sealed class DeepLinksTests
{
    private const string Bare = "https://pay.example/checkout/sess_1";
    private const string Query = "https://pay.example:8443/checkout/sess_1?lang=zh&from=a%20b";

    [Fact]
    public void MetaMask_is_neither_encoded_nor_given_the_scheme()
    {
        DeepLinks.MetaMask(Bare).Url.ShouldBe("https://link.metamask.io/dapp/pay.example/checkout/sess_1");
        DeepLinks
            .MetaMask(Query)
            .Url.ShouldBe("https://link.metamask.io/dapp/pay.example:8443/checkout/sess_1?lang=zh&from=a%20b");
    }

    [Theory]
    [InlineData(60)]
    [InlineData(20_000_714)]
    [InlineData(195)]
    [InlineData(501)]
    public void Trust_gets_the_networks_number_and_the_encoded_address(int coin)
    {
        DeepLinks
            .Trust(Bare, coin)
            .Url.ShouldBe(
                $"https://link.trustwallet.com/open_url?coin_id={coin}&url=https%3A%2F%2Fpay.example%2Fcheckout%2Fsess_1"
            );
        DeepLinks
            .Trust(Query, coin)
            .Url.ShouldBe(
                $"https://link.trustwallet.com/open_url?coin_id={coin}"
                    + "&url=https%3A%2F%2Fpay.example%3A8443%2Fcheckout%2Fsess_1%3Flang%3Dzh%26from%3Da%2520b"
            );
    }

    [Fact]
    public void Okx_is_encoded_twice()
    {
        DeepLinks
            .Okx(Bare)
            .Url.ShouldBe(
                "https://web3.okx.com/download?deeplink=okx%3A%2F%2Fwallet%2Fdapp%2Furl%3FdappUrl%3D"
                    + "https%253A%252F%252Fpay.example%252Fcheckout%252Fsess_1"
            );
        DeepLinks
            .Okx(Query)
            .Url.ShouldBe(
                "https://web3.okx.com/download?deeplink=okx%3A%2F%2Fwallet%2Fdapp%2Furl%3FdappUrl%3D"
                    + "https%253A%252F%252Fpay.example%253A8443%252Fcheckout%252Fsess_1%253Flang%253Dzh%2526from%253Da%252520b"
            );
    }

    [Fact]
    public void Bitget_and_imToken_get_one_encoded_parameter()
    {
        DeepLinks
            .Bitget(Query)
            .Url.ShouldBe(
                "https://bkcode.vip?action=dapp"
                    + "&url=https%3A%2F%2Fpay.example%3A8443%2Fcheckout%2Fsess_1%3Flang%3Dzh%26from%3Da%2520b"
            );
        DeepLinks
            .ImToken(Query)
            .Url.ShouldBe(
                "imtokenv2://navigate/DappView"
                    + "?url=https%3A%2F%2Fpay.example%3A8443%2Fcheckout%2Fsess_1%3Flang%3Dzh%26from%3Da%2520b"
            );
    }

    [Theory]
    [InlineData("Tron")]
    [InlineData("ETH")]
    [InlineData("BSC")]
    public void TokenPocket_gets_json_with_its_own_word_for_the_network(string chain) =>
        DeepLinks
            .TokenPocket(Query, chain)
            .Url.ShouldBe(
                "tpdapp://open?params=%7B%22url%22%3A%22https%3A%2F%2Fpay.example%3A8443%2Fcheckout%2Fsess_1"
                    + $"%3Flang%3Dzh%26from%3Da%2520b%22%2C%22chain%22%3A%22{chain}%22%2C%22source%22%3A%22StablePay%22%7D"
            );

    [Fact]
    public void TronLink_gets_json_that_says_open() =>
        DeepLinks
            .TronLink(Query)
            .Url.ShouldBe(
                "tronlinkoutside://pull.activity?param=%7B%22url%22%3A%22https%3A%2F%2Fpay.example%3A8443%2Fcheckout%2Fsess_1"
                    + "%3Flang%3Dzh%26from%3Da%2520b%22%2C%22action%22%3A%22open%22%2C%22protocol%22%3A%22TronLink%22%2C"
                    + "%22version%22%3A%221.0%22%7D"
            );

    [Fact]
    public void Phantom_and_Solflare_get_the_address_in_their_path_and_who_asks()
    {
        const string rest =
            "browse/https%3A%2F%2Fpay.example%3A8443%2Fcheckout%2Fsess_1%3Flang%3Dzh%26from%3Da%2520b"
            + "?ref=https%3A%2F%2Fpay.example%3A8443";
        DeepLinks.Phantom(Query).Url.ShouldBe("https://phantom.app/ul/" + rest);
        DeepLinks.Solflare(Query).Url.ShouldBe("https://solflare.com/ul/v1/" + rest);
        DeepLinks.Phantom(Bare).Url.ShouldEndWith("?ref=https%3A%2F%2Fpay.example");
    }

    [Fact]
    public void A_network_has_at_most_four_that_know_it()
    {
        Names(Networks.Ethereum).ShouldBe(["MetaMask", "Trust Wallet", "OKX Wallet", "Bitget Wallet"]);
        Names(Networks.Bsc).ShouldBe(["MetaMask", "Trust Wallet", "OKX Wallet", "Bitget Wallet"]);
        Names(Networks.Tron).ShouldBe(["TronLink", "TokenPocket", "imToken", "OKX Wallet"]);
        Names(Other(ChainFamily.Solana, "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"))
            .ShouldBe(["Phantom", "Solflare", "Trust Wallet", "OKX Wallet"]);
        DeepLinks.Of(Networks.Ethereum, Bare)[1].Url.ShouldContain("coin_id=60&");
        DeepLinks.Of(Networks.Bsc, Bare)[1].Url.ShouldContain("coin_id=20000714&");
        // Trust would open the page on a network that it guesses.
        Names(Other(ChainFamily.Evm, "eip155:137")).ShouldBe(["MetaMask", "OKX Wallet", "Bitget Wallet"]);
        DeepLinks.Of(Networks.Sandbox(TimeSpan.FromSeconds(2), 4)[0], Bare).ShouldBeEmpty();

        static string[] Names(Network network) => [.. DeepLinks.Of(network, Bare).Select(l => l.Wallet)];
    }

    [Fact]
    public void A_page_without_https_gets_none() =>
        DeepLinks.Of(Networks.Ethereum, "http://localhost:8080/checkout/sess_1").ShouldBeEmpty();

    private static Network Other(ChainFamily family, string id) =>
        Networks.Ethereum with
        {
            Id = new(id),
            Family = family,
        };
}
