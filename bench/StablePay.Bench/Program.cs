using StablePay.Bench.Sessions;
using StablePay.Bench.Webhooks;

return args switch
{
    ["sessions", .. var rest] => await SessionsBench.RunAsync(rest),
    ["ceiling", var provider, var target, var port] => await Ceiling.RunAsync(
        provider,
        target,
        int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)
    ),
    ["webhooks", .. var rest] => await WebhooksBench.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        Every benchmark compares with a ceiling measured in the same run. Build with -c Release.
          sessions [sqlite|postgres] [--rounds 5] [--seconds 5]   signed session creation over HTTP
          blocks                                                  one EVM block against 1,000 and 1,000,000 addresses
          webhooks [--postgres CONNECTION] [--rounds 3]           deliveries alone and beside 1,000 hanging endpoints
          start                                                   start to first answer, idle memory
        """
    );
    return 2;
}
