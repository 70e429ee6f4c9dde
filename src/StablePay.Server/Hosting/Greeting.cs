using StablePay.Server.Demo;

namespace StablePay.Server.Hosting;

/// <summary>
/// What a person reads when the server has started: where to click, and a line that works in a shell.
/// </summary>
internal static class Greeting
{
    public static string Of(string publicUrl, DemoCredentials? demo)
    {
        var text = $"""

            StablePay answers at {publicUrl}
              API reference   {publicUrl}/docs/api
              Health          {publicUrl}/health/ready
            """;
        return demo is null ? text + "\n" : text + Demo(publicUrl, demo);
    }

    private static string Demo(string publicUrl, DemoCredentials demo) =>
        $$"""

              Demo shop       {{publicUrl}}/demo   <- click here and buy a mug with test money

            Or create a payment session from a shell (bash, curl, openssl):

            {{CurlOf(publicUrl, demo)}}

            Ctrl-C stops it.

            """;

    /// <summary>One line that signs as contract section 2 says and creates a session.</summary>
    private static string CurlOf(string publicUrl, DemoCredentials demo) =>
        $$"""b='{"amount":2599,"currency":"EUR","order_id":"A-'$RANDOM$RANDOM'"}'; """
        + """t=$(date +%s); n=$(head -c16 /dev/urandom | od -An -tx1 | tr -d ' \n'); """
        + $$"""s=$(printf %s "$t.$n.$b" | openssl dgst -sha256 -hmac {{demo.SecretKey}} -r | cut -d' ' -f1); """
        + $$"""curl -s {{publicUrl}}/api/v1/checkout/sessions/create -H 'Content-Type: application/json' """
        + $$"""-H 'Authorization: Bearer {{demo.ApiKey}}' -H "X-StablePay-Timestamp: $t" """
        + """-H "X-StablePay-Nonce: $n" -H "X-StablePay-Signature: $s" -d "$b" """;
}
