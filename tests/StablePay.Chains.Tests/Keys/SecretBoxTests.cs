using System.Text;
using System.Text.Json;
using CsCheck;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Tests.Keys;

public sealed class SecretBoxTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)(i * 7))];

    [Fact]
    public void A_secret_comes_back_for_its_purpose_only() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.String[1, 20], Gen.String[1, 20])
            .Sample(
                (secret, purpose, other) =>
                {
                    using var box = SecretBox.FromKey(Key);
                    var text = box.Seal(purpose, secret);
                    box.Open(purpose, text).ShouldBe(secret);
                    if (other != purpose)
                        Should.Throw<SecretBoxException>(() => box.Open(other, text));
                }
            );

    [Fact]
    public void Another_key_opens_nothing()
    {
        using var box = SecretBox.FromKey(Key);
        using var other = SecretBox.FromKey(new byte[32]);
        Should.Throw<SecretBoxException>(() => other.Open("a", box.Seal("a", "secret"u8)));
    }

    [Fact]
    public void A_secret_is_never_sealed_the_same_way_twice()
    {
        using var box = SecretBox.FromKey(Key);
        Enumerable.Range(0, 1_000).Select(_ => box.Seal("a", "secret"u8)).Distinct().Count().ShouldBe(1_000);
    }

    [Fact]
    public void Any_changed_or_missing_character_is_noticed()
    {
        using var box = SecretBox.FromKey(Key);
        var text = box.Seal("a", Encoding.UTF8.GetBytes("sk_test_0123456789"));
        for (var at = 0; at < text.Length; at++)
        {
            foreach (var other in "A/z=\n -é")
            {
                if (other == text[at])
                    continue;
                var changed = text[..at] + other + text[(at + 1)..];
                Should.Throw<SecretBoxException>(() => box.Open("a", changed), changed);
            }

            Should.Throw<SecretBoxException>(() => box.Open("a", text[..at]));
            Should.Throw<SecretBoxException>(() => box.Open("a", text.Insert(at, " ")));
        }
    }

    [Fact]
    public void Nothing_prints_the_key()
    {
        using var box = SecretBox.FromKey(Key);
        box.ToString().ShouldBe("***");
        JsonSerializer.Serialize(box).ShouldBe("{}");
    }

    [Fact]
    public void The_callers_key_may_be_cleared()
    {
        var key = (byte[])Key.Clone();
        using var box = SecretBox.FromKey(key);
        var text = box.Seal("a", "secret"u8);
        Array.Clear(key);
        box.Open("a", text).ShouldBe("secret"u8.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_key_of_another_length_is_refused(int length) =>
        Should.Throw<ArgumentException>(() => SecretBox.FromKey(new byte[length]));

    [Fact]
    public void A_box_that_was_disposed_of_does_nothing()
    {
        var box = SecretBox.FromKey(Key);
        var text = box.Seal("a", "secret"u8);
        box.Dispose();
        Should.Throw<ObjectDisposedException>(() => box.Open("a", text));
        Should.Throw<ObjectDisposedException>(() => box.Seal("a", "secret"u8));
    }
}
