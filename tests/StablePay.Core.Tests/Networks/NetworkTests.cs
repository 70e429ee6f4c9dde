namespace StablePay.Core.Tests.Networks;

public sealed class NetworkTests
{
    private static readonly NetworkId Id = new("eip155:56");
    private static readonly Token Usdt = new(Id, Asset.Usdt, "0xAb", 18);
    private static readonly Token Usdc = new(Id, Asset.Usdc, "0xCd", 18);

    [Theory]
    [InlineData(240, 100L, 400L, 161L)]
    [InlineData(240, 161L, 400L, 161L)]
    [InlineData(240, 162L, 400L, 162L)]
    [InlineData(240, null, 400L, 161L)]
    [InlineData(240, null, 240L, 1L)]
    [InlineData(240, null, 239L, null)]
    [InlineData(240, 0L, 239L, 0L)]
    [InlineData(null, 100L, 400L, 100L)]
    [InlineData(null, null, 400L, null)]
    public void EVM_11_final_is_the_tag_or_so_many_blocks_whichever_is_higher(
        int? naturalDepth,
        long? tagged,
        long tip,
        long? final
    ) =>
        new FinalityRule.Tag("finalized", 3) { NaturalDepth = naturalDepth }
            .FinalHeight(tagged, tip)
            .ShouldBe(final);

    [Fact]
    public void Rule_says_what_a_person_counts_up_to()
    {
        new FinalityRule.Depth(12).Confirmations.ShouldBe(12);
        new FinalityRule.Tag("finalized", 64).Confirmations.ShouldBe(64);
    }

    [Fact]
    public void Token_is_found_by_its_coin_and_by_its_contract_letter_by_letter()
    {
        var network = Of(ChainFamily.Evm, Usdt, Usdc);
        (network.Find(Asset.Usdt), network.Find(Asset.Usdc)).ShouldBe((Usdt, Usdc));
        (network.FindContract("0xAb"), network.FindContract("0xCd")).ShouldBe((Usdt, Usdc));
        network.FindContract("0xab").ShouldBeNull();
        Of(ChainFamily.Evm, Usdc).Find(Asset.Usdt).ShouldBeNull();
    }

    [Fact]
    public void Only_the_sandbox_is_not_live()
    {
        foreach (var family in Enum.GetValues<ChainFamily>())
            Of(family).IsLive.ShouldBe(family != ChainFamily.Sandbox);
        new NetworkId("sandbox:ethereum").IsSandbox.ShouldBeTrue();
        new NetworkId("sandboxes:1").IsSandbox.ShouldBeFalse();
        new NetworkId("eip155:1").IsSandbox.ShouldBeFalse();
    }

    private static Network Of(ChainFamily family, params Token[] tokens) =>
        new(
            Id,
            family,
            "BNB Smart Chain",
            "BEP20",
            TimeSpan.FromSeconds(3),
            new FinalityRule.Depth(1),
            tokens,
            null,
            null
        );
}
