namespace StablePay.Core.Tests.Primitives;

/// <summary>What is taken for a URL can be used as one.</summary>
public sealed class WebAddressTests
{
    [Theory]
    [InlineData("https://shop.example/a?b=[1/2]", "shop.example")]
    [InlineData("http://[::1]:3000/hook", "[::1]")]
    [InlineData("https://[2606:4700::1111]/", "[2606:4700::1111]")]
    [InlineData("https://user@[::1]/", "[::1]")]
    public void Url_is_read(string text, string host) => WebAddress.Read(text)!.Host.ShouldBe(host);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("shop.example")]
    [InlineData("//shop.example/")]
    [InlineData("https:shop.example")]
    [InlineData("https://")]
    [InlineData("http://[6:0:0:0:0:0:0:e:/1]")]
    [InlineData("http://[1:2:3:4:5:6:7:8:/9]/x")]
    [InlineData("https://[::1/64]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[::1%0]/")]
    [InlineData("https://[127.0.0.1]/")]
    [InlineData("https://[::1")]
    [InlineData("https://[]/")]
    public void Text_that_is_no_url_or_has_no_usable_host_is_none(string? text) => WebAddress.Read(text).ShouldBeNull();
}
