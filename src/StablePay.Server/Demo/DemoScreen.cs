using System.Text.Json;
using StablePay.Server.Pages;

namespace StablePay.Server.Demo;

/// <summary>The shop's pages: the product with what the shop was told, and an order.</summary>
internal static class DemoScreen
{
    private const string Shop = "Harbour & Kiln";

    private const string Mug = """
        <svg viewBox="0 0 320 240" width="100%" height="220" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"><path fill="currentColor" fill-opacity=".1" stroke="none" d="M98 70c8 9 29 14 54 14s46-5 54-14l-5 74c-16 8-30-3-48 2s-34 6-50-4Z"/><path d="M96 68v96c0 20 12 34 30 34h52c18 0 30-14 30-34V68"/><ellipse cx="152" cy="68" rx="56" ry="16"/><path d="M208 90h10c20 0 32 13 32 31s-13 33-33 33h-9M208 104h8c12 0 19 7 19 17s-8 19-19 19h-8"/><path d="M96 148c20 8 34-1 52-2s40 8 60-4"/><path stroke-width="2" d="M126 172h.1M146 182h.1M168 170h.1M186 180h.1M160 188h.1M112 166h.1"/></g></svg>
        """;

    public static Html Render(HttpContext context, DemoBasket basket, IReadOnlyList<DemoHook> hooks, string? refusal)
    {
        var language = Language.Of(context.Request);
        var words = language.Words;
        var alert = refusal is null
            ? Html.None
            : Html.Of(
                $"""<div class="alert" data-tone="bad">{Icons.Use("alert")}<p><b>{words["demo.refused"]}</b></p><p>{refusal}</p></div>"""
            );
        return Frame(
            language,
            words["demo.product"],
            "/demo",
            Query(basket),
            [("hooks", "/demo/events")],
            Html.Of(
                $"""
                <section class="card co-pay stack" aria-labelledby="p">
                <figure class="well">{Html.Trusted(Mug)}</figure>
                <div><h1 id="p">{words["demo.product"]}</h1><p class="muted">{words["demo.text"]}</p></div>
                {alert}
                {Choices(basket, words)}
                <form class="stack" method="post" action="/demo/buy">
                <input type="hidden" name="quantity" value="{basket.Quantity}"><input type="hidden" name="currency" value="{basket.Currency.Code}">
                {Sum(basket, language)}
                <button class="btn btn--primary btn--wide" type="submit">{words["demo.pay"]}</button>
                </form>
                </section>
                <section class="co-items stack" aria-labelledby="h">{Told(hooks, words)}</section>
                """
            )
        );
    }

    /// <param name="tools">What can be played on the order.</param>
    public static Html RenderOrder(HttpContext context, string order, DemoOrder? found, string? refusal, Html tools)
    {
        var language = Language.Of(context.Request);
        var words = language.Words;
        var status = found?.Status ?? "unknown";
        var (tone, icon) = status switch
        {
            "paid" => ("good", "check"),
            "processing" => ("accent", "ring"),
            "pending" => ("neutral", "clock"),
            "frozen" => ("warn", "pause"),
            "failed" => ("bad", "x"),
            _ => ("neutral", "slash"),
        };
        var payment = found is { Status: "pending" or "processing" or "frozen" }
            ? Html.Of($"""<a class="btn btn--primary btn--wide" href="{found.Url}">{words["demo.to_payment"]}</a>""")
            : Html.None;
        var facts = found is null
            ? Html.Of($"<p>{refusal}</p>")
            : Html.Of(
                $"""
                <dl class="kv kv--ends">
                <dt>{words["order.sum"]}</dt><dd class="num">{MoneyText.Fiat(found.Amount, language)}</dd>
                <dt>payment_status</dt><dd class="mono">{found.Status}</dd>
                <dt>exception</dt><dd class="mono">{found.Exception ?? "null"}</dd>
                <dt>id</dt><dd class="mono">{found.SessionId}</dd>
                </dl>
                """
            );
        IReadOnlyList<(string, string)> live =
            found is null || payment.IsNone ? [] : [("hooks", "/demo/events"), ("order", order)];
        return Frame(
            language,
            order,
            $"/demo/orders/{Uri.EscapeDataString(order)}",
            [],
            live,
            Html.Of(
                $"""
                <section class="card co-pay stack" aria-labelledby="title">
                <div class="state" data-tone="{tone}"><span class="state__mark">{Icons.Use(
                    icon
                )}</span><h1 id="title">{words.Say(
                    "demo.order",
                    ("order", MerchantText.Isolated(order, 64))
                )}</h1><p>{words["demo.order_" + status]}</p></div>
                {payment}
                {facts}
                <p class="small">{words["demo.asked"]}</p>
                <a class="btn btn--wide" href="/demo">{words["demo.back"]}</a>
                </section>
                {tools}
                """
            )
        );
    }

    /// <summary>One webhook for the script: words only.</summary>
    public static byte[] HookJson(DemoHook hook, Words words)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", hook.Type);
            json.WriteString("order", hook.Order);
            json.WriteString("at", hook.At.ToString());
            json.WriteString("verdict", words["demo.verdict_" + hook.Verdict]);
            json.WriteString("tone", Tone(hook));
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static Html Frame(
        Language language,
        string title,
        string path,
        KeyValuePair<string, string>[] query,
        IReadOnlyList<(string, string)> facts,
        Html main
    ) =>
        Layout.Page(
            new PageFrame
            {
                Language = language,
                Title = title,
                Skip = language.Words["demo.skip"],
                Shop = Shop,
                Banner = language.Words["demo.banner"],
                Path = path,
                Query = query,
                Refresh = 15,
                Script = "demo.js",
                Facts = facts,
                IsAlone = query.Length == 0,
                Main = main,
                Footer = Html.Of($"<p>{language.Words["demo.footer"]}</p>"),
            }
        );

    private static Html Told(IReadOnlyList<DemoHook> hooks, Words words)
    {
        var empty = hooks.Count == 0 ? Html.Of($"""<p class="small" id="none">{words["demo.none"]}</p>""") : Html.None;
        return Html.Of(
            $"""
            <h2 id="h">{words["demo.told"]}</h2>
            <p class="small">{words["demo.told_text"]}</p>
            {empty}
            <ol class="timeline" id="hooks">{hooks.Select(h => Hook(h, words))}</ol>
            """
        );
    }

    private static Html Hook(DemoHook hook, Words words) =>
        Html.Of(
            $"""
            <li data-tone="{Tone(hook)}"><b>{MerchantText.Short(hook.Type, 60)}</b><p>{TimeText.Second(
                hook.At
            )} · {MerchantText.Short(hook.Order, 64)} · {words["demo.verdict_" + hook.Verdict]}</p></li>
            """
        );

    private static string Tone(DemoHook hook) => hook.IsTrusted ? "good" : "bad";

    private static KeyValuePair<string, string>[] Query(DemoBasket basket) =>
        [
            new("quantity", basket.Quantity.ToString(CultureInfo.InvariantCulture)),
            new("currency", basket.Currency.Code),
        ];

    private static Html Choices(DemoBasket basket, Words words)
    {
        var quantities = Enumerable
            .Range(1, DemoBasket.MostQuantity)
            .Select(n => Choice(basket with { Quantity = n }, basket, Html.Of($"{n}")));
        var currencies = DemoBasket.Currencies.Select(c =>
            Choice(basket with { Currency = c }, basket, Html.Text(c.Code))
        );
        return Html.Of(
            $"""
            <div><p class="label" id="q">{words[
                "demo.quantity"
            ]}</p><nav class="seg seg--tight" aria-labelledby="q">{quantities}</nav></div>
            <div><p class="label" id="c">{words[
                "demo.currency"
            ]}</p><nav class="seg seg--tight" aria-labelledby="c">{currencies}</nav></div>
            """
        );
    }

    private static Html Choice(DemoBasket choice, DemoBasket current, Html text)
    {
        var mark = choice == current ? Html.Trusted(" aria-current=\"true\"") : Html.None;
        return Html.Of(
            $"""<a href="/demo?quantity={choice.Quantity}&currency={choice.Currency.Code}"{mark}>{text}</a>"""
        );
    }

    private static Html Sum(DemoBasket basket, Language language)
    {
        var words = language.Words;
        var tax =
            basket.TaxPercent == 0
                ? Html.None
                : Html.Of(
                    $"""<dt>{words["order.tax"]} {basket.TaxPercent}%</dt><dd class="num">{MoneyText.Fiat(basket.Tax, language)}</dd>"""
                );
        return Html.Of(
            $"""
            <dl class="kv kv--ends">
            <dt>{basket.Quantity} × {MoneyText.Fiat(basket.Unit, language)}</dt><dd class="num">{MoneyText.Fiat(
                basket.Goods,
                language
            )}</dd>
            <dt>{words["order.delivery"]}</dt><dd class="num">{MoneyText.Fiat(basket.Delivery, language)}</dd>
            {tax}
            <dt class="total">{words["order.sum"]}</dt><dd class="total num">{MoneyText.Fiat(
                basket.Total,
                language
            )}</dd>
            </dl>
            """
        );
    }
}
