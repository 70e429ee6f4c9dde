using StablePay.Chains.Evm;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tests.Keys;

public sealed class Slip10Tests
{
    [Fact]
    public void All_published_vectors_come_out()
    {
        var (count, published) = (0, 0);
        foreach (var vector in Vectors.Read("slip10.json").GetProperty("ed25519").EnumerateArray())
        {
            using var master = Slip10Key.FromSeed(Hex.Parse(vector.Text("seed")));
            using var key = master.Derive(KeyPath.Parse(vector.Text("path")));
            Hex.ToHex(key.ChainCode).ShouldBe(vector.Text("chain"));
            Hex.ToHex(key.PrivateKey).ShouldBe(vector.Text("private"));
            count++;
            if (!vector.TryGetProperty("public", out var told))
                continue;
            Hex.ToHex(key.PublicKey()).ShouldBe(told.GetString());
            published++;
        }

        (count, published).ShouldBe((12, 3));
    }

    [Fact]
    public void Step_that_is_not_hardened_is_refused()
    {
        using var master = Slip10Key.FromSeed(new byte[16]);
        Should.Throw<KeyDerivationException>(() => master.Derive(KeyPath.Parse("m/44'/501'/0'/0")));
        Should.Throw<KeyDerivationException>(() => master.Child(KeyPath.Hardened - 1));
    }

    [Fact]
    public void Key_is_cleared_and_never_shown()
    {
        var key = Slip10Key.FromSeed(new byte[16]);
        key.ToString().ShouldBe("***");
        key.Dispose();
        key.PrivateKey.ToArray().ShouldAllBe(b => b == 0);
        key.ChainCode.ToArray().ShouldAllBe(b => b == 0);
    }
}
