// Pays from an injected wallet whose node is a real one, or an emulator that judges what it is sent.
import { createRequire } from "node:module";
import { input, open, run } from "./lib.mjs";

const step = name => fetch(`${input.base}/test/${name}`, { method: "POST" });

/** What a wallet asks its node outside of the page, as an extension does. */
const askNode = async (method, params) => {
  const answer = await fetch(input.node, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: params ?? [] }),
  });
  const { result, error } = await answer.json();
  if (error) throw new Error(error.message);
  return result;
};

const require = createRequire(import.meta.url);

const wallets = {
  async evm(page) {
    await page.exposeFunction("askNode", askNode);
    await page.addInitScript(payer => {
      const provider = {
        request: ({ method, params }) => method === "eth_requestAccounts" ? Promise.resolve([payer]) : window.askNode(method, params),
      };
      addEventListener("eip6963:requestProvider", () => dispatchEvent(new CustomEvent("eip6963:announceProvider", {
        detail: { info: { uuid: "1", name: "Test wallet", icon: "", rdns: "test.wallet" }, provider },
      })));
    }, input.payer);
  },

  /** tronweb with a key, in the page's own world, as TronLink injects it; the emulator's payer is worth nothing. */
  async tron(page) {
    await page.addInitScript({ path: require.resolve("tronweb").replace(/lib\/.*$/, "dist/TronWeb.js") });
    await page.addInitScript(({ node, payer }) => {
      const tronWeb = new window.TronWeb.TronWeb({ fullHost: node.replace(/\/$/, ""), privateKey: "0".repeat(63) + "7" });
      const sign = tronWeb.trx.sign.bind(tronWeb.trx);
      tronWeb.trx.sign = async transaction => {
        window.signed = transaction;
        return sign(transaction);
      };
      const provider = {
        tronWeb,
        request: async ({ method }) => ({ eth_requestAccounts: [payer], eth_chainId: "0x0" })[method],
      };
      addEventListener("TIP6963:requestProvider", () => dispatchEvent(new CustomEvent("TIP6963:announceProvider", {
        detail: { info: { uuid: "1", name: "Test wallet", icon: "", rdns: "test.wallet" }, provider },
      })));
      window.askItsNode = to => tronWeb.transactionBuilder
        .triggerSmartContract(to, "totalSupply()", {}, [], payer).then(() => "answered", error => String(error));
    }, input);
  },

  /** kit with a key, in the page's own world, by the Wallet Standard: it sends by its own node, or only signs. */
  async solana(page) {
    await page.exposeFunction("askNode", askNode);
    await page.addInitScript({ path: require.resolve("@solana/kit").replace("index.node.cjs", "index.production.min.js") });
    await page.addInitScript(({ node, payer, key, feature }) => {
      const kit = window.solanaWeb3;
      const chains = ["solana:devnet"];
      const account = { address: payer, publicKey: kit.getAddressEncoder().encode(payer), chains, features: [feature] };
      const sign = async transaction => {
        const pair = await kit.createKeyPairFromPrivateKeyBytes(Uint8Array.from(atob(key), c => c.charCodeAt(0)));
        return kit.signTransaction([pair], kit.getTransactionDecoder().decode(transaction));
      };
      const features = {
        "standard:connect": { version: "1.0.0", connect: async () => ({ accounts: [account] }) },
        "solana:signAndSendTransaction": {
          version: "1.0.0", supportedTransactionVersions: ["legacy", 0],
          signAndSendTransaction: async ({ transaction }) => {
            const signed = await sign(transaction);
            await window.askNode("sendTransaction", [kit.getBase64EncodedWireTransaction(signed), { encoding: "base64" }]);
            return [{ signature: new Uint8Array(signed.signatures[payer]) }];
          },
        },
        "solana:signTransaction": {
          version: "1.0.0", supportedTransactionVersions: ["legacy", 0],
          signTransaction: async ({ transaction }) =>
            [{ signedTransaction: new Uint8Array(kit.getTransactionEncoder().encode(await sign(transaction))) }],
        },
      };
      const wallet = {
        version: "1.0.0", name: "Test wallet", icon: "data:image/png;base64,", chains, accounts: [],
        features: Object.fromEntries(["standard:connect", feature].map(name => [name, features[name]])),
      };
      addEventListener("wallet-standard:app-ready", ({ detail }) => detail.register(wallet));
      window.askItsNode = () => fetch(node).then(() => "answered", error => String(error));
    }, input);
  },
};

await run(async browser => {
  const { page, seen } = await open(browser, {});
  await wallets[input.family](page);
  let noted = null;
  page.on("request", request => {
    if (request.url().endsWith("/sent")) noted = new URLSearchParams(request.postData()).get("transaction_hash");
  });
  const heading = async () => (await page.locator("h1").first().innerText()).replace(/\s+/g, " ");
  const becomes = text => page.waitForFunction(t => document.querySelector("h1")?.innerText.replace(/\s+/g, " ").startsWith(t), text, { timeout: 30000 });
  await page.goto(input.url);
  await page.locator(`a[href*='asset=${input.asset}']`).click();
  await page.locator(`input[value='${input.network}']`).check();
  await page.locator("form[action$=choose] button").click();
  const told = page.waitForResponse(response => response.url().endsWith("/sent"));
  // What goes wrong before is the error to be told.
  told.catch(() => {});
  await page.locator("#wallet").click();
  await page.waitForFunction(() => document.getElementById("wallet-said").textContent.includes("Waiting for the network"), null, { timeout: 20000 })
    .catch(async () => { throw new Error(`the wallet says: ${await page.locator("#wallet-said").innerText()}`); });
  const hash = await page.locator("#wallet-said .hash").innerText();
  await told;
  const call = await page.evaluate(() => window.signed?.raw_data.contract[0].parameter.value.data);
  const errors = [...seen.errors];
  const { reports, blocked } = await page.evaluate(async () => {
    const reports = [...window.reports];
    if (!window.askItsNode) return { reports };
    const violated = new Promise(resolve => addEventListener("securitypolicyviolation", resolve, { once: true }));
    if (await window.askItsNode(document.getElementById("wallets").dataset.token) !== "answered") await violated;
    return { reports, blocked: window.reports.at(-1) };
  });
  await step("block");
  await becomes("We see your");
  const first = await heading();
  await step("finalize");
  // Time of the test's clock passes, so that the page's stream looks again.
  await step("block");
  await becomes("Paid");
  return { seen: first, paid: await heading(), hash, noted, call, blocked, errors, reports };
});
