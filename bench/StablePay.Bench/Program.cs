using StablePay.Bench.Webhooks;

switch (args)
{
    case ["webhooks", .. var rest]:
        await WebhooksBench.RunAsync(rest);
        return 0;
    default:
        Console.WriteLine("bench: sessions | blocks | webhooks | start");
        return 1;
}
