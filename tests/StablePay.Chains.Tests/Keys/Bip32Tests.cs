using System.Security.Cryptography;
using CsCheck;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tests.Keys;

public sealed class Bip32Tests
{
    private static readonly byte[] Order = Hex.Parse(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
    );

    [Fact]
    public void All_published_vectors_come_out()
    {
        var count = 0;
        foreach (var vector in Vectors.Read("bip32.json").GetProperty("valid").EnumerateArray())
        {
            using var master = ExtendedPrivateKey.FromSeed(Hex.Parse(vector.Text("seed")));
            using var key = master.Derive(KeyPath.Parse(vector.Text("path")));
            key.ExportText().ShouldBe(vector.Text("xprv"));
            key.ToPublic().ExportText().ShouldBe(vector.Text("xpub"));
            using var read = ExtendedPrivateKey.Parse(vector.Text("xprv"));
            read.ExportText().ShouldBe(vector.Text("xprv"));
            ExtendedPublicKey.Parse(vector.Text("xpub")).ExportText().ShouldBe(vector.Text("xpub"));
            count++;
        }

        count.ShouldBe(17);
    }

    [Fact]
    public void All_published_malformed_keys_are_refused()
    {
        var count = 0;
        foreach (var vector in Vectors.Read("bip32.json").GetProperty("invalid").EnumerateArray())
        {
            Should.Throw<FormatException>(() => ExtendedPrivateKey.Parse(vector.Text("key")), vector.Text("why"));
            Should.Throw<FormatException>(() => ExtendedPublicKey.Parse(vector.Text("key")), vector.Text("why"));
            count++;
        }

        count.ShouldBe(16);
    }

    [Fact]
    public void Public_derivation_follows_private_derivation() =>
        Gen.Select(Gen.Byte.Array[16, 64], Gen.UInt[0, KeyPath.Hardened - 1], Gen.UInt[0, KeyPath.Hardened - 1])
            .Sample(
                (seed, first, second) =>
                {
                    using var master = ExtendedPrivateKey.FromSeed(seed);
                    using var child = master.Derive(first);
                    using var grandchild = child.Derive(second);
                    var derived = master.ToPublic().Derive(first).Derive(second);
                    derived.ExportText().ShouldBe(grandchild.ToPublic().ExportText());
                    derived.Depth.ShouldBe(2);
                    derived.ChildNumber.ShouldBe(second);
                },
                iter: 300
            );

    [Fact]
    public void A_hardened_child_needs_the_private_key()
    {
        using var master = ExtendedPrivateKey.FromSeed(new byte[32]);
        Should.Throw<KeyDerivationException>(() => master.ToPublic().Derive(KeyPath.Hardened));
    }

    [Fact]
    public void A_tweak_that_is_not_below_the_order_has_no_child()
    {
        var parent = PublicPoint.Read(Secp256k1.PublicKey(One()));
        byte[] beyond = [.. Order[..31], 0x42];
        Should.Throw<KeyDerivationException>(() => ExtendedPrivateKey.Add(One(), Order));
        Should.Throw<KeyDerivationException>(() => ExtendedPrivateKey.Add(One(), beyond));
        Should.Throw<KeyDerivationException>(() => ExtendedPublicKey.Add(parent, Order));
        Should.Throw<KeyDerivationException>(() => ExtendedPublicKey.Add(parent, beyond));
    }

    [Fact]
    public void A_tweak_that_cancels_the_parent_has_no_child()
    {
        byte[] minusOne = [.. Order[..31], 0x40];
        var parent = PublicPoint.Read(Secp256k1.PublicKey(One()));
        Should.Throw<KeyDerivationException>(() => ExtendedPrivateKey.Add(One(), minusOne));
        Should.Throw<KeyDerivationException>(() => ExtendedPublicKey.Add(parent, minusOne));
    }

    [Fact]
    public void The_tree_ends_at_level_255()
    {
        var key = ExtendedPrivateKey.FromSeed(new byte[16]);
        for (var i = 0; i < 255; i++)
            key = key.Derive(0);
        var last = key.ToPublic();
        last.Depth.ShouldBe(255);
        Should.Throw<KeyDerivationException>(() => key.Derive(0));
        Should.Throw<KeyDerivationException>(() => last.Derive(0));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(65)]
    public void A_seed_of_another_length_is_refused(int length) =>
        Should.Throw<ArgumentException>(() => ExtendedPrivateKey.FromSeed(new byte[length]));

    [Theory]
    [InlineData("m")]
    [InlineData("m/0")]
    [InlineData("m/44'/60'/0'/0/7")]
    [InlineData("m/2147483647'/2147483647")]
    public void A_path_survives_the_round_trip(string path) => KeyPath.Parse(path).ToString().ShouldBe(path);

    [Theory]
    [InlineData("")]
    [InlineData("44'/60'")]
    [InlineData("m/")]
    [InlineData("m//0")]
    [InlineData("m/-1")]
    [InlineData("m/+1")]
    [InlineData("m/01")]
    [InlineData("m/ 1")]
    [InlineData("m/1''")]
    [InlineData("m/'")]
    [InlineData("m/2147483648")]
    [InlineData("m/4294967296")]
    [InlineData("m/٣")]
    [InlineData("M/0")]
    public void Text_that_is_no_path_is_refused(string path) =>
        Should.Throw<FormatException>(() => KeyPath.Parse(path));

    [Fact]
    public void Keys_do_not_print_themselves_and_do_nothing_once_disposed()
    {
        var key = ExtendedPrivateKey.FromSeed(new byte[16]);
        key.ToString().ShouldBe("***");
        $"{key.ToPublic()}".ShouldBe("***");
        key.Dispose();
        Should.Throw<ObjectDisposedException>(() => key.Derive(0));
        Should.Throw<ObjectDisposedException>(() => key.ExportText());
        Should.Throw<ObjectDisposedException>(() => key.CopyKeyTo(new byte[32]));
    }

    private static byte[] One() => [.. new byte[31], 1];
}
