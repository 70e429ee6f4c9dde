// What a payer does on a page, step by step. Each journey answers with what it saw; the test that asked judges it.
import { input, open, run, foreign, text, becomes } from "./lib.mjs";
import { wallets } from "./wallets.mjs";

const title = page => text(page, "h1");
const move = async state => { await fetch(`${input.base}/test/${input.id}/${state}`, { method: "POST" }); };

const journeys = {
  ...wallets,

  /** What a phone shows before anything is scrolled. */
  async first(browser) {
    const { page } = await open(browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await page.goto(input.url, { waitUntil: "load" });
    return page.evaluate(() => ({
      slip: document.querySelector(".slip").getBoundingClientRect().bottom,
      button: document.querySelector(".links .btn").getBoundingClientRect().bottom,
    }));
  },

  /** Waiting, seen, one more block, paid: without a reload by hand. */
  async live(browser) {
    const { page, seen } = await open(browser, {});
    await page.goto(input.url);
    const titles = [await title(page)];
    await move("confirming");
    await becomes(page, "We see your");
    titles.push(await page.title());
    const before = await text(page, "#count");
    await page.evaluate(() => { window.untouched = true; });
    await move("block");
    await page.waitForFunction(() => document.getElementById("count").innerText.startsWith("8 of"), null, { timeout: 15000 });
    const after = await text(page, "#count");
    const value = await page.evaluate(() => document.getElementById("confirmations").value);
    const reloaded = !(await page.evaluate(() => window.untouched === true));
    await move("block");
    await page.waitForFunction(() => document.getElementById("live").textContent.includes("9 of 12"), null, { timeout: 15000 });
    await move("paid");
    await becomes(page, "Paid");
    titles.push(await page.title());
    return { titles, before, after, value, reloaded, errors: seen.errors, reports: await page.evaluate(() => window.reports) };
  },

  /** The end comes while the page is open. */
  async expire(browser) {
    const { page } = await open(browser, {});
    await page.goto(input.url);
    const before = await page.content();
    await page.waitForFunction(() => document.querySelector("h1").innerText.includes("expired"), null, { timeout: 60000 });
    const after = await page.content();
    return { before: before.includes(input.address), after: after.includes(input.address), title: await title(page) };
  },

  /** The server goes away: the page says so, and that nothing is lost; then it comes back. */
  async offline(browser) {
    const { page, context } = await open(browser, {});
    await page.goto(input.url);
    await page.waitForTimeout(200);
    const hidden = await page.locator("#offline").isHidden();
    await context.setOffline(true);
    await page.locator("#offline").waitFor({ state: "visible", timeout: 15000 });
    const said = await text(page, "#offline");
    await context.setOffline(false);
    await page.locator("#offline").waitFor({ state: "hidden", timeout: 30000 });
    return { hidden, said };
  },

  /** Forms alone: no script runs. */
  async noscript(browser) {
    const { page, seen } = await open(browser, { javaScriptEnabled: false });
    await page.goto(input.url);
    const refresh = await page.locator("head").innerHTML();
    const scriptButtons = await page.locator(".js-only:visible").count();
    await page.locator("input[value='eip155:56']").check();
    await page.locator("button[type=submit]").first().click();
    const chosen = await page.locator(".slip").innerText();
    const address = (await page.locator("#address").textContent()).trim();
    const canCopy = await page.locator("[data-copy]:visible").count();
    await page.locator("form[action$=cancel] button").click();
    return {
      refresh: refresh.includes("http-equiv=\"refresh\""), scriptButtons, chosen, address, canCopy,
      canceled: await title(page), errors: seen.errors,
    };
  },

  /** Keys alone, from the top of the page to the copied address. */
  async keyboard(browser) {
    const { page, context } = await open(browser, { viewport: { width: 1440, height: 900 } });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(input.url).origin });
    await page.goto(input.url);
    const focused = () => page.evaluate(() => {
      const e = document.activeElement;
      const shadow = getComputedStyle(e).boxShadow;
      return { text: (e.ariaLabel || e.innerText || e.value || "").trim(), ring: shadow !== "none" };
    });
    const reach = async wanted => {
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press("Tab");
        const at = await focused();
        if (at.text.includes(wanted)) return at;
      }
      throw new Error("not reached by Tab: " + wanted);
    };
    await page.keyboard.press("Tab");
    const first = await focused();
    await reach("eip155:1");
    await page.keyboard.press("ArrowDown");
    const picked = await page.evaluate(() => document.querySelector("input:checked").value);
    const next = await reach("Continue");
    await Promise.all([page.waitForURL(/checkout/), page.keyboard.press("Enter")]);
    await page.locator(".slip").waitFor();
    await reach("Copy amount");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("live").textContent.includes("amount"));
    const amount = await page.evaluate(() => navigator.clipboard.readText());
    await reach("Copy address");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("live").textContent.includes("address"));
    const address = await page.evaluate(() => navigator.clipboard.readText());
    await reach("MetaMask and others");
    await page.keyboard.press("Enter");
    await reach("Open in wallet");
    return { first, picked, ring: next.ring, amount, address };
  },

  /** A scenario is played with the keyboard alone, or by touch; with script and without. */
  async panel(browser) {
    const { page, seen } = await open(browser, {
      viewport: { width: input.width, height: 844 }, hasTouch: input.width < 1000, locale: input.language, javaScriptEnabled: input.script,
    });
    await page.goto(input.url);
    const summary = page.locator("summary", { has: page.getByText(input.words.title, { exact: true }) });
    const hidden = await page.locator("#scenario").isHidden();
    if (input.width < 1000) {
      await summary.tap();
      await page.getByLabel(input.words.label, { exact: true }).selectOption(input.scenario);
      await page.getByRole("button", { name: input.words.play, exact: true }).tap();
    } else {
      await summary.focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      for (let i = 0; i < 20 && await page.locator("#scenario").inputValue() !== input.scenario; i++) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
    }
    await page.locator(".alert", { hasText: input.said }).waitFor({ timeout: 15000 });
    return { hidden, path: new URL(page.url()).search, options: await page.locator("#scenario option").count(), errors: seen.errors };
  },

  /** The shop's test clock is moved while the page is open. */
  async clock(browser) {
    const { page } = await open(browser, {});
    await page.goto(input.url);
    const before = await title(page);
    await move("clock");
    await becomes(page, "expired");
    return { before, after: await title(page) };
  },

  /** Hostile text everywhere: nothing of it may run, load or become an element. */
  async hostile(browser) {
    const { page, seen } = await open(browser, { viewport: { width: 390, height: 844 } });
    const answers = [];
    for (const url of input.urls) {
      seen.requests.length = 0;
      await page.goto(url, { waitUntil: "load" });
      answers.push(await page.evaluate(() => ({
        scripts: [...document.querySelectorAll("script")].length,
        handlers: [...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => a.name.startsWith("on"))).length,
        foreignElements: document.querySelectorAll("main iframe, main object, main embed, main img, main base, main form[action^='http'], main style").length,
        links: [...document.querySelectorAll("a[href]")].map(a => a.protocol).filter(p => !["http:", "https:", "ethereum:", "tpdapp:", "imtokenv2:", "tronlinkoutside:", "solana:"].includes(p)),
        hit: window.hit === true,
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        reports: window.reports,
      })));
      answers.at(-1).foreign = foreign(seen.requests, url);
    }
    return answers;
  },

  /** A photograph of each page's code, for a reader that is not ours. */
  async codes(browser) {
    const { page } = await open(browser, { deviceScaleFactor: 2, colorScheme: input.scheme });
    const answers = [];
    for (const { url, file } of input.pages) {
      await page.goto(url);
      await page.locator(".qr").first().screenshot({ path: file });
      if (await page.locator("#uri").count()) {
        await page.locator("#uri summary").click();
        await page.locator("#uri .qr").screenshot({ path: file + ".uri.png" });
      }
      answers.push({
        link: await page.locator("#open").count() ? await page.locator("#open").getAttribute("href") : null,
        address: await page.locator("#address").textContent(),
        selected: await page.evaluate(() => { getSelection().selectAllChildren(document.getElementById("address")); return getSelection().toString(); }),
        copies: await page.locator("[data-copy]").evaluateAll(list => list.map(e => e.dataset.copy)),
        amount: await text(page, "#amount"),
      });
    }
    return answers;
  },
};

await run(browser => journeys[input.journey](browser));
