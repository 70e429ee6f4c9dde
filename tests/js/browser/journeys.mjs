// What a payer does on a page, step by step. Each journey answers with what it saw; the test that asked judges it.
import { input, open, run, foreign } from "./lib.mjs";

const text = (page, selector) => page.locator(selector).first().innerText();
const title = page => text(page, "h1");
const move = async state => { await fetch(`${input.base}/test/${input.id}/${state}`, { method: "POST" }); };
const becomes = (page, words) => page.waitForFunction(
  expected => document.querySelector("h1")?.innerText.replace(/\s+/g, " ").includes(expected), words, { timeout: 15000 })
  .catch(async error => { throw new Error(`${words}: ${await page.locator("main").innerText()} ${error}`); });

/**
 * What each scenario answers, by name. They follow one another, each in a browser profile of its own that is closed behind
 * it: pages that are opened all at once wait for each other's start, and a limit would measure that.
 */
async function each(browser, play) {
  const answers = {};
  for (const scenario of input.scenarios) {
    const { context, page } = await open(browser, {});
    answers[scenario.name] = await play(page, scenario);
    await context.close();
  }
  return answers;
}

const journeys = {
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

  /** A wallet that announces itself, on another network first; what it is asked to do is recorded. */
  async wallet(browser) {
    const { page, seen } = await open(browser, {});
    await page.addInitScript(({ wallets, start, refuse, canSwitch }) => {
      window.asked = [];
      let chain = start;
      const provider = {
        async request({ method, params }) {
          window.asked.push({ method, params });
          if (method === "eth_requestAccounts") return ["0x70997970C51812dc3A010C7d01b50e0d17dc79C8"];
          if (method === "eth_chainId") return chain;
          if (method === "wallet_switchEthereumChain") {
            if (!canSwitch) throw { code: 4902 };
            chain = params[0].chainId;
            return null;
          }
          if (refuse) throw { code: 4001 };
          return "0x" + "ab".repeat(32);
        },
      };
      const announce = () => wallets.forEach((name, i) => dispatchEvent(new CustomEvent("eip6963:announceProvider", {
        detail: Object.freeze({ info: { uuid: String(i), name, icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>", rdns: "test." + i }, provider }),
      })));
      addEventListener("eip6963:requestProvider", announce);
      announce();
    }, input);
    await page.goto(input.url);
    const shown = await page.locator("#wallet").isVisible();
    if (!shown) return { shown, asked: [], errors: seen.errors };
    await page.locator("#wallet").click();
    if (input.wallets.length > 1) await page.locator("#wallets button", { hasText: input.wallets[1] }).click();
    await page.waitForFunction(expected => document.getElementById("wallet-said").textContent.includes(expected), input.expected, { timeout: 15000 });
    return {
      shown, asked: await page.evaluate(() => window.asked), said: (await text(page, "#wallet-said")).trim(),
      errors: seen.errors, reports: await page.evaluate(() => window.reports),
    };
  },

  /**
   * A wallet of TRON in each of its forms, and what can go wrong with it. It is a fake: it signs nothing, tells what it was
   * asked, and moves the page on where a scenario says so.
   */
  async tron(browser) {
    return each(browser, async (page, scenario) => {
      const answer = { asked: [] };
      await page.exposeFunction("noteAsked", what => { answer.asked.push(what); });
      await page.addInitScript(({ form, chain, host, refuses, moves, payer, hex }) => {
        const tronWeb = {
          defaultAddress: { base58: payer },
          fullNode: { host: host ?? "https://api.trongrid.io" },
          address: { toHex: address => hex[address] },
          trx: {
            async sign(transaction) {
              window.noteAsked("sign");
              if (refuses === "sign") throw "Confirmation declined by user";
              if (moves) await fetch(moves, { method: "POST" });
              window.disabledWhileAsked = document.getElementById("wallet").disabled;
              window.saidWhileAsked = document.getElementById("wallet-said").textContent;
              return { ...transaction, signature: ["77"] };
            },
          },
        };
        const older = form !== "announced" && form !== "tron";
        const provider = {
          ready: true, tronWeb,
          async request({ method }) {
            window.noteAsked(method);
            if (method === (older ? "tron_requestAccounts" : "eth_requestAccounts")) {
              if (refuses === "connect") return { code: 4001, message: "User rejected" };
              return older ? { code: 200, message: "ok" } : [payer];
            }
            if (method === "eth_chainId") return chain ?? "0x2b6653dc";
            throw { code: 4902, message: "not supported" };
          },
        };
        if (form === "announced")
          addEventListener("TIP6963:requestProvider", () => dispatchEvent(new CustomEvent("TIP6963:announceProvider", {
            detail: { info: { uuid: "1", name: "Fake", icon: "", rdns: "test" }, provider },
          })));
        else if (form === "okx") window.okxwallet = { tronLink: provider };
        else if (form === "bybit") window.bybitWallet = { tronLink: provider };
        else window[form] = provider;
      }, scenario);
      await page.goto(scenario.url);
      // A page that is out of date loads itself again.
      const left = scenario.leaves ? page.waitForEvent("load") : null;
      // If the click fails, its failure is the one to tell.
      left?.catch(() => {});
      await page.locator("#wallet").click();
      if (left) {
        await left;
        return answer;
      }
      if (scenario.becomes) {
        await becomes(page, scenario.becomes);
        return answer;
      }
      await page.waitForFunction(expected => document.getElementById("live").textContent.includes(expected), scenario.expected, { timeout: 15000 })
        .catch(async error => { throw new Error(`${scenario.name}: ${await page.locator("#wallet-said").textContent()} ${error}`); });
      Object.assign(answer, await page.evaluate(() => ({
        disabled: window.disabledWhileAsked, busy: window.saidWhileAsked,
        hash: document.querySelector("#wallet-said .hash").textContent, reports: window.reports,
      })));
      return answer;
    });
  },

  /** Wallets of Solana by the Wallet Standard. They are stubs: they sign nothing and tell what bytes they were given. */
  async solana(browser) {
    return each(browser, async (page, scenario) => {
      const answer = { given: [] };
      await page.exposeFunction("noteGiven", (feature, text) => { answer.given.push([feature, text]); });
      await page.addInitScript(({ early, features, chains, refuses, payer, signature }) => {
        const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
        const take = async (feature, { account, chain, transaction }, result) => {
          window.noteGiven(`${feature} ${account.address} ${chain}`, btoa(String.fromCharCode(...transaction)));
          if (refuses) throw new Error(refuses);
          return [result];
        };
        const all = {
          "standard:connect": { connect: async () => ({ accounts: [{ address: payer, chains, features: Object.keys(all) }] }) },
          "solana:signAndSendTransaction": {
            signAndSendTransaction: i => take("send", i, { signature: bytes(signature) }),
          },
          "solana:signTransaction": { signTransaction: i => take("sign", i, { signedTransaction: bytes(signature) }) },
        };
        const wallet = {
          name: "Stub", icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>", chains, version: "1.0.0", accounts: [],
          features: Object.fromEntries(features.map(f => [f, all[f]])),
        };
        const callback = api => api.register(wallet);
        if (early) addEventListener("wallet-standard:app-ready", event => callback(event.detail));
        else addEventListener("load", () => dispatchEvent(new CustomEvent("wallet-standard:register-wallet", { detail: callback })));
      }, scenario);
      await page.goto(scenario.url, { waitUntil: "load" });
      answer.shown = await page.locator("#wallet").isVisible();
      if (!scenario.expected) return answer;
      await page.locator("#wallet").click();
      await page.waitForFunction(expected => document.getElementById("live").textContent.includes(expected), scenario.expected, { timeout: 15000 })
        .catch(async error => { throw new Error(`${scenario.name}: ${await page.locator("#wallet-said").textContent()} ${error}`); });
      answer.hash = await page.locator("#wallet-said .hash").textContent();
      answer.reports = await page.evaluate(() => window.reports);
      return answer;
    });
  },

  /** Links into wallets: on a phone alone, without script too, never followed by themselves. */
  async links(browser) {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
    const shown = async options => {
      const { page, context, seen } = await open(browser, options);
      if (options.wallet) await page.addInitScript(() => { window.tronLink = { request: async () => ({ code: 4001 }) }; });
      await page.goto(input.url);
      if (options.wallet) await page.locator("#wallet").waitFor();
      const links = await page.locator("#links a[data-wallet]:visible").evaluateAll(list => list.map(a => a.href));
      return { page, context, seen, links };
    };
    const { page, context, seen, links } = await shown(phone);
    let navigations = 0;
    page.on("framenavigated", () => { navigations++; });
    const before = await page.locator("#unopened").isVisible();
    const words = await text(page, "#links > .small");
    await page.locator("#links a", { hasText: "TokenPocket" }).first().click();
    await page.locator("#unopened").waitFor({ timeout: 5000 });
    const panel = {
      title: await text(page, "#unopened b"), install: await page.locator("#unopened a").getAttribute("href"),
      copy: await page.locator("#unopened [data-copy]").getAttribute("data-copy"), live: await page.locator("#live").textContent(),
    };
    const url = page.url();
    await context.close();
    const count = async options => {
      const other = await shown(options);
      await other.context.close();
      return other.links.length;
    };
    return {
      links, before, words, panel, url, navigations,
      foreign: foreign(seen.requests, input.url),
      noscript: await count({ ...phone, javaScriptEnabled: false }),
      desk: await count({ viewport: { width: 1440, height: 900 } }),
      withWallet: await count({ ...phone, wallet: true }),
    };
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
