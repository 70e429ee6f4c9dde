using StablePay.Bench.Blocks;
using StablePay.Bench.CatchUp;
using StablePay.Bench.Detection;
using StablePay.Bench.Keys;
using StablePay.Bench.Sessions;
using StablePay.Bench.Start;
using StablePay.Bench.Webhooks;

return args switch
{
    ["sessions", .. var rest] => await SessionsBench.RunAsync(rest),
    ["ceiling", var provider, var target, var port] => await Ceiling.RunAsync(
        provider,
        target,
        int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)
    ),
    ["blocks", .. var rest] => await BlocksBench.RunAsync(rest),
    ["catch-up", .. var rest] => await CatchUpBench.RunAsync(rest),
    ["keys", .. var rest] => KeysBench.Run(rest),
    ["detection", .. var rest] => await DetectionBench.RunAsync(rest),
    ["solana", .. var rest] => await SolanaBench.RunAsync(rest),
    ["start", .. var rest] => await StartBench.RunAsync(rest),
    ["webhooks", .. var rest] => await WebhooksBench.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        Every benchmark compares with a ceiling measured in the same run. Build with -c Release.
          sessions [sqlite|postgres] [--rounds 5] [--seconds 5]   signed session creation over HTTP
          blocks [--rounds 9]                                     one EVM block against 1,000 and 1,000,000 addresses
          catch-up [evm|tron|solana] [--rounds 7] [--ours 1]             heavy blocks over HTTP, the whole engine on SQLite
          keys [--rounds 7]                                       deposit addresses a second
          detection [--seconds 120]                               a payment from the node's block to an open page
          solana [--rounds 9]                                     one slot of Solana against 1,000,000 owners
          webhooks [--postgres CONNECTION] [--rounds 7]           deliveries alone and beside 1,000 hanging endpoints
          start [--rounds 5]                                      start to first answer, idle memory
        """
    );
    return 2;
}
