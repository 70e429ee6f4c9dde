using StablePay.Chains.Keys;
using StablePay.Chains.Solana;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Solana;

/// <summary>Where Solana's deposit addresses come from: the seed ahead of demand, or a list made elsewhere.</summary>
public sealed class SolanaAddressesTests : IDisposable
{
    private readonly TestDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    private static AddressesAhead Deriver()
    {
        using var master = Slip10Key.FromSeed(new byte[64]);
        return new AddressesAhead(new SolanaDeriver(master.Derive(SolanaDeriver.Path)));
    }

    [Fact]
    public void Addresses_that_are_ready_are_those_that_would_be_derived()
    {
        using var ready = Deriver();
        using var fresh = Deriver();
        ready.Refill(100);
        ready.Ready.ShouldBe(AddressesAhead.Ahead);
        foreach (var index in (long[])[0, 99, 100, 101, 100 + AddressesAhead.Ahead - 1, 100 + AddressesAhead.Ahead])
            ready.AddressAt(index).ShouldBe(fresh.AddressAt(index));
        fresh.Ready.ShouldBe(0);
    }

    [Fact]
    public void Refilling_keeps_what_is_ready_and_drops_what_was_used()
    {
        using var deriver = Deriver();
        deriver.Refill(0);
        var kept = deriver.AddressAt(300);
        deriver.Refill(300);
        deriver.Ready.ShouldBe(AddressesAhead.Ahead);
        deriver.AddressAt(300).ShouldBeSameAs(kept);
        deriver.Refill(deriver.End - 2);
        deriver.Ready.ShouldBe(2);
    }

    [Fact]
    public void Addresses_end_where_hardened_steps_do()
    {
        using var deriver = Deriver();
        deriver.AddressAt(deriver.End - 1).ShouldNotBeEmpty();
        Should.Throw<ArgumentOutOfRangeException>(() => deriver.AddressAt(deriver.End));
    }

    [Fact]
    public void List_gives_the_line_of_each_index()
    {
        using var deriver = Deriver();
        var made = Enumerable.Range(0, 20).Select(i => deriver.AddressAt(i)).ToList();
        var list = SolanaAddressList.Read(Write([.. made]));
        (list.Scheme, list.End).ShouldBe((deriver.Scheme, 20));
        Enumerable.Range(0, 20).Select(i => list.AddressAt(i)).ShouldBe(made);
    }

    [Theory]
    [InlineData("", "is no Solana address")]
    [InlineData("7dLQvC7Nnc5saacmQbKsfZdx3pJz1pR", "is no Solana address")]
    [InlineData(" 7dLQvC7Nnc5saacmQbKsfZdx3pJz1pRH8gSZmmC3J94x", "is no Solana address")]
    [InlineData("0xdAC17F958D2ee523a2206206994597C13D831ec7", "is no Solana address")]
    [InlineData("8WUyiTWfJ61nEnQ6u97SS65us34furyfFb6AA412N2JE", "no key can exist for")]
    [InlineData("first", "is the same address as line 1")]
    public void Line_that_is_wrong_is_named_with_its_file(string line, string why)
    {
        var first = SolanaStubNode.AddressOf("first");
        var path = Write([first, SolanaStubNode.AddressOf("second"), line == "first" ? first : line]);
        var refused = Should.Throw<FormatException>(() => SolanaAddressList.Read(path));
        refused.Message.ShouldStartWith($"{path}: line 3 ");
        refused.Message.ShouldContain(why);
    }

    [Fact]
    public void List_without_an_address_is_refused() =>
        Should.Throw<FormatException>(() => SolanaAddressList.Read(Write([]))).Message.ShouldContain("no address");

    private string Write(string[] lines)
    {
        var path = _folder.Of("addresses.txt");
        File.WriteAllLines(path, lines);
        return path;
    }
}
