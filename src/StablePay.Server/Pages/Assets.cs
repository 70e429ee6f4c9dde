using System.Security.Cryptography;

namespace StablePay.Server.Pages;

/// <summary>Our scripts. An address carries the content's hash, so browsers may keep it for ever.</summary>
internal static class Assets
{
    private static readonly Dictionary<string, ScriptFile> Files = new[]
    {
        "checkout.js",
        "wallet.js",
        "wallet-evm.js",
        "wallet-tron.js",
        "wallet-solana.js",
        "demo.js",
    }.ToDictionary(name => name, name => new ScriptFile(name));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/assets/{name}", (string name, HttpContext context) => Serve(name, context))
            .ExcludeFromDescription();

    public static string Url(string name) => $"/assets/{name}?v={Files[name].Version}";

    /// <summary>A script element that refuses any other content than ours.</summary>
    public static Html Script(string name) =>
        Html.Of($"""<script src="{Url(name)}" integrity="{Files[name].Integrity}" defer></script>""");

    private static IResult Serve(string name, HttpContext context)
    {
        if (!Files.TryGetValue(name, out var file))
            return Results.NotFound();
        PageHeaders.WriteForAny(context);
        context.Response.Headers.CacheControl =
            context.Request.Query["v"] == file.Version ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(file.Content, "text/javascript; charset=utf-8");
    }

    private sealed class ScriptFile(string name)
    {
        public byte[] Content { get; } = EmbeddedFile.Bytes(name);
        public string Version => Convert.ToHexStringLower(SHA256.HashData(Content))[..12];
        public string Integrity => "sha256-" + Convert.ToBase64String(SHA256.HashData(Content));
    }
}
