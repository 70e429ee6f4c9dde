// Opens every page in every size, language and theme; measures and photographs it. Where asked, axe-core judges it
// for people who cannot see it, or not well.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { input, open, run, foreign } from "./lib.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

/** What axe-core finds wrong, a line each. */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(rules => window.axe.run(rules), rules);
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`));
}

await run(async browser => {
  const answers = [];
  for (const { width, height, scheme, language, judged } of input.looks) {
    const { context, page, seen } = await open(browser, {
      viewport: { width, height }, hasTouch: width < 1000, colorScheme: scheme, locale: language, timezoneId: "UTC", deviceScaleFactor: input.scale ?? 1,
    });
    const client = await page.context().newCDPSession(page);
    await client.send("Network.enable");
    await client.send("Network.setCacheDisabled", { cacheDisabled: true });
    let bytes = 0;
    client.on("Network.dataReceived", event => { bytes += event.dataLength; });
    for (const { name, url, shows } of input.pages) {
      seen.requests.length = seen.errors.length = 0;
      bytes = 0;
      await page.goto(url, { waitUntil: "load" });
      // Parts that a script or a person would open: their look is judged here, what opens them elsewhere.
      await page.evaluate(shows => {
        for (const { part, text } of shows) {
          const shown = document.querySelector(part);
          shown.hidden = text === "";
          if (shown.tagName === "DETAILS") shown.open = true;
          if (text) shown.textContent = text;
        }
      }, shows ?? []);
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
      if (input.folder) {
        // A photograph of the full page would be taken without touch, and so without what only phones show.
        await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
        await page.screenshot({ path: `${input.folder}/${name}-${width}-${language}-${scheme}.png` });
        await page.setViewportSize({ width, height });
      }
      answers.push({ violations: judged ? await violations(page) : [], name, width, scheme, language, bytes, ...measured,
        requests: seen.requests.filter(request => !request.startsWith("data:")).length, errors: [...seen.errors], foreign: foreign(seen.requests, url) });
    }
    await context.close();
  }
  return answers;
});
