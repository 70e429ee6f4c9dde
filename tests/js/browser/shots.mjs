// Opens every page in every size, language and theme; measures and photographs it.
import { input, open, run, foreign } from "./lib.mjs";

await run(async browser => {
  const answers = [];
  for (const { width, height, scheme, language } of input.looks) {
    const { context, page, seen } = await open(browser, {
      viewport: { width, height }, colorScheme: scheme, locale: language, timezoneId: "UTC", deviceScaleFactor: input.scale ?? 1,
    });
    const client = await page.context().newCDPSession(page);
    await client.send("Network.enable");
    await client.send("Network.setCacheDisabled", { cacheDisabled: true });
    let bytes = 0;
    client.on("Network.dataReceived", event => { bytes += event.dataLength; });
    for (const { name, url } of input.pages) {
      seen.requests.length = seen.errors.length = 0;
      bytes = 0;
      await page.goto(url, { waitUntil: "load" });
      const measured = await page.evaluate(() => ({
        lang: document.documentElement.lang,
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        wide: [...document.querySelectorAll("body *")]
          .filter(e => !e.closest(".vh, .skip") && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map(e => e.outerHTML.slice(0, 120)).slice(0, 5),
        h1: [...document.querySelectorAll("h1")].map(h => h.textContent.trim()),
        small: [...document.querySelectorAll("a[href], button, input, summary")]
          .filter(e => e.getClientRects().length && !e.closest(".vh, .skip, p, dd"))
          .map(e => ({ text: e.textContent.trim(), height: (e.closest("label") ?? e).getBoundingClientRect().height }))
          .filter(e => e.height < 24),
        reports: window.reports,
        empty: [...document.querySelectorAll("a, button")].filter(e => !e.textContent.trim() && !e.ariaLabel).length,
      }));
      if (input.folder)
        await page.screenshot({ path: `${input.folder}/${name}-${width}-${language}-${scheme}.png`, fullPage: input.full ?? true });
      answers.push({ name, width, scheme, language, bytes, ...measured,
        requests: seen.requests.filter(request => !request.startsWith("data:")).length, errors: [...seen.errors], foreign: foreign(seen.requests, url) });
    }
    await context.close();
  }
  return answers;
});
