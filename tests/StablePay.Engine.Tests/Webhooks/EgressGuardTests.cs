using System.Net;
using StablePay.Engine.Webhooks;

namespace StablePay.Engine.Tests.Webhooks;

public sealed class EgressGuardTests
{
    private static readonly EgressGuard Production = new(EgressPolicy.Production);

    private static readonly EgressGuard Sandbox = new(EgressPolicy.Production with { AllowLoopbackForTestMode = true });

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::8.8.8.8")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:7f00:1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::808:808")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:1ff::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:808:808::1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("4000::1")]
    public void WH_01_special_address_is_never_dialled(string text)
    {
        var address = IPAddress.Parse(text);

        Production.MayDial(address, live: true, isPlain: false).ShouldBeFalse();
        Production.MayDial(address, live: false, isPlain: false).ShouldBeFalse();
        Sandbox.MayDial(address, live: true, isPlain: false).ShouldBeFalse("live money never goes to loopback");
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("192.0.1.1")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.1")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2001:200::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void Public_address_may_be_dialled_with_tls_only(string text)
    {
        var address = IPAddress.Parse(text);

        Production.MayDial(address, live: true, isPlain: false).ShouldBeTrue();
        Sandbox.MayDial(address, live: false, isPlain: true).ShouldBeFalse();
        Production.MayDial(address, live: true, isPlain: true).ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://127.1/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://0xA9FEA9FE/")]
    [InlineData("https://169.254.43518/")]
    [InlineData("https://010.8.8.8/")]
    [InlineData("https://8.8.2056/")]
    [InlineData("https://１２７.0.0.1/")]
    [InlineData("https://127。0。0。1/")]
    [InlineData("https://127.0.0.1./")]
    [InlineData("https://example.com./")]
    [InlineData("https://[::ffff:7f00:1]/")]
    [InlineData("https://[::127.0.0.1]/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://[fd00:ec2::254]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[fe80::1%eth0]/")]
    [InlineData("https://[2606:4700::1111/64]/")]
    [InlineData("https://[6:0:0:0:0:0:0:e:/1]")]
    [InlineData("https://[2606:4700:0:0::1111]/")]
    [InlineData("https://100.100.100.200/")]
    [InlineData("https://0/")]
    [InlineData("https://[::]/")]
    [InlineData("https://10.0.0.1/hook")]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST/")]
    [InlineData("https://api.localhost/")]
    [InlineData("https://metadata.google.internal/")]
    [InlineData("https://printer.local/")]
    [InlineData("https://intranet/")]
    [InlineData("https://example.1/")]
    [InlineData("https://example.0x7f/")]
    [InlineData("https://exam ple.com/")]
    [InlineData("https://ex%61mple.com/")]
    [InlineData("https://-example.com/")]
    [InlineData("https://example..com/")]
    [InlineData("https://münchen.example/")]
    public void WH_04_trick_with_a_host_is_refused_when_saved(string url)
    {
        foreach (var guard in new[] { Production, Sandbox })
        {
            var result = guard.CheckUrl(url, live: true);

            result.IsOk.ShouldBeFalse(url);
            result.Rejection!.Code.ShouldBe(ErrorCode.ParameterInvalid);
            result.Rejection.Param.ShouldBe("url");
        }
        Production.CheckUrl(url, live: false).IsOk.ShouldBeFalse(url);
    }

    [Theory]
    [InlineData("https://ok@evil.example/")]
    [InlineData("https://ok:secret@evil.example/")]
    [InlineData("https://@evil.example/")]
    [InlineData("https://ok%40evil.example@evil.example/")]
    [InlineData(@"https://ok\@evil.example/")]
    [InlineData(@"https:\\evil.example\")]
    [InlineData(@"https://evil.example\.ok.example/")]
    [InlineData("https://evil.example/#fragment")]
    [InlineData("https://evil.example#@ok.example/")]
    [InlineData("http://example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.com/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("//example.com/")]
    [InlineData("example.com")]
    [InlineData("https:example.com")]
    [InlineData("https:/example.com/")]
    [InlineData("https:///example.com/")]
    [InlineData("https://")]
    [InlineData("https://:443/")]
    [InlineData("")]
    [InlineData("https://example.com:22/")]
    [InlineData("https://example.com:80/")]
    [InlineData("https://example.com:0/")]
    [InlineData("https://example.com:65536/")]
    [InlineData("https://example.com:/")]
    [InlineData("https://example.com:0443/")]
    [InlineData("https://example.com:+443/")]
    [InlineData("https://example.com:8443:443/")]
    [InlineData("https://example.com/%/%2e%2e/")]
    [InlineData("https://example.com/%2")]
    [InlineData("https://example.com/?q=%zz")]
    public void WH_05_userinfo_fragment_backslash_scheme_and_port_are_refused_when_saved(string url)
    {
        Production.CheckUrl(url, live: true).IsOk.ShouldBeFalse(url);
        Sandbox.CheckUrl(url, live: false).IsOk.ShouldBeFalse(url);
    }

    public static TheoryData<string> LineBreaks() =>
        [
            "https://example.com/\r\nX-Injected: 1",
            "https://example.com/\nX-Injected: 1",
            "https://example.com/\rX: 1",
            "https://example.com\r\nHost: evil.example/",
            "\r\nhttps://example.com/",
            "https://example.com/\r\n",
            "https://exa\r\nmple.com/",
            "ht\ntps://example.com/",
            "https://example.com/\u2028x",
            "https://example.com/\u2029x",
            "https://example.com/\u0085x",
            "https://example.com/\0x",
            "https://example.com/\tx",
            "https://example.com/\vx",
            "https://example.com/\fx",
            "https://example.com/嘊嘍X: 1",
            "https://example.com/\u007fx",
        ];

    [Theory]
    [MemberData(nameof(LineBreaks))]
    public void WH_16_line_break_in_a_url_is_refused_when_saved(string url)
    {
        Production.CheckUrl(url, live: true).IsOk.ShouldBeFalse();
        Sandbox.CheckUrl(url, live: false).IsOk.ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://example.com")]
    [InlineData("https://example.com/")]
    [InlineData("HTTPS://Example.COM/Hook")]
    [InlineData("https://example.com:443/hook")]
    [InlineData("https://example.com:8443/hook?shop=1&x=%0d%0a")]
    [InlineData("https://hooks.shop.example.co.uk/a/b")]
    [InlineData("https://xn--mnchen-3ya.example/")]
    [InlineData("https://under_score.example.com/")]
    [InlineData("https://8.8.8.8/hook")]
    [InlineData("https://[2606:4700::1111]/hook")]
    public void Public_https_url_is_taken(string url)
    {
        Production.CheckUrl(url, live: true).IsOk.ShouldBeTrue(Production.CheckUrl(url, live: true).Rejection?.Message);
        Sandbox.CheckUrl(url, live: false).IsOk.ShouldBeTrue();
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/demo/hook")]
    [InlineData("http://localhost:3000/")]
    [InlineData("https://localhost:8080/")]
    [InlineData("http://[::1]:8080/")]
    public void Loopback_is_taken_in_test_mode_where_the_operator_allows_it_and_nowhere_else(string url)
    {
        Sandbox.CheckUrl(url, live: false).IsOk.ShouldBeTrue();
        Sandbox.CheckUrl(url, live: true).IsOk.ShouldBeFalse();
        Production.CheckUrl(url, live: false).IsOk.ShouldBeFalse();
        Production.CheckUrl(url, live: true).IsOk.ShouldBeFalse();
    }

    [Fact]
    public void Port_of_the_operators_list_is_taken()
    {
        var guard = new EgressGuard(new EgressPolicy(new HashSet<int> { 443, 9443 }, false));

        guard.CheckUrl("https://example.com:9443/", live: true).IsOk.ShouldBeTrue();
        guard.CheckUrl("https://example.com:8443/", live: true).Rejection!.Message.ShouldContain("443, 9443");
    }

    [Fact]
    public void Url_that_is_too_long_is_refused()
    {
        Production.CheckUrl("https://example.com/" + new string('a', 2_028), live: true).IsOk.ShouldBeTrue();
        Production.CheckUrl("https://example.com/" + new string('a', 2_029), live: true).IsOk.ShouldBeFalse();
    }
}
