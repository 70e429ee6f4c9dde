// What a payer does with a wallet on a page. Each journey answers with what it saw; the test that asked judges it.
import { input, open, foreign, text, becomes } from "./lib.mjs";

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

export const wallets = {
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
};
