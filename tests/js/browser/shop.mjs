// Buys a mug in the demo shop with test money and follows the payment until the shop was told.
import { input, open, run, foreign } from "./lib.mjs";

await run(async browser => {
  const { page, context, seen } = await open(browser, {
    viewport: { width: input.width ?? 390, height: 844 }, colorScheme: input.scheme ?? "light", locale: input.language ?? "en-GB", timezoneId: "UTC",
  });
  const shoot = async name => {
    if (input.folder) await page.screenshot({ path: `${input.folder}/${name}.png`, fullPage: true });
  };
  const heading = async () => (await page.locator("h1").first().innerText()).replace(/\s+/g, " ");
  const steps = [];
  const note = async name => { steps.push(await heading()); await shoot(name); };
  await page.goto(`${input.base}/demo`);
  await note("1-shop");
  await page.locator("a[href*='currency=USD']").click();
  const price = await page.locator(".total.num").innerText();
  await page.locator("form button[type=submit]").click();
  await page.waitForURL(/\/checkout\/sess_/);
  await note("2-choose");
  const total = await page.locator(".co-sum").innerText();
  await page.locator(`input[value='${input.network}']`).check();
  await page.locator("form[action$=choose] button").click();
  await page.locator(".slip").waitFor();
  await note("3-pay");
  const due = await page.locator("#amount").innerText();
  const url = page.url();
  await page.locator("form[action$=pay-test] button").click();
  await page.waitForFunction(() => /We see your|Paid/.test(document.querySelector("h1").innerText), null, { timeout: 60000 });
  await note("4-confirming");
  await page.waitForFunction(() => document.querySelector("h1").innerText === "Paid", null, { timeout: 180000 });
  await note("5-paid");
  await page.locator("a.btn--primary").click();
  await page.waitForURL(/\/demo\/orders\//);
  await note("6-order");
  const shop = await context.newPage();
  await shop.goto(`${input.base}/demo`);
  await shop.locator("#hooks li", { hasText: "payment.completed" }).first().waitFor({ timeout: 60000 });
  const hooks = await shop.locator("#hooks li").allInnerTexts();
  if (input.folder) await shop.screenshot({ path: `${input.folder}/7-told.png`, fullPage: true });
  return {
    steps, price, total, due, url, hooks, reports: await page.evaluate(() => window.reports), errors: seen.errors,
    foreign: foreign(seen.requests, input.base),
  };
});
