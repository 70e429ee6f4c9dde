// Pays from an injected wallet whose node is a real one: the wallet's calls go to it, outside of the page.
import { input, open, run } from "./lib.mjs";

const step = name => fetch(`${input.base}/test/${name}`, { method: "POST" });

await run(async browser => {
  const { page, seen } = await open(browser, {});
  let hash = null;
  await page.exposeFunction("askNode", async (method, params) => {
    const answer = await fetch(input.node, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: params ?? [] }),
    });
    const { result, error } = await answer.json();
    if (error) throw new Error(error.message);
    if (method === "eth_sendTransaction") hash = result;
    return result;
  });
  await page.addInitScript(payer => {
    const provider = {
      request: ({ method, params }) => method === "eth_requestAccounts" ? Promise.resolve([payer]) : window.askNode(method, params),
    };
    addEventListener("eip6963:requestProvider", () => dispatchEvent(new CustomEvent("eip6963:announceProvider", {
      detail: { info: { uuid: "1", name: "Test wallet", icon: "", rdns: "test.wallet" }, provider },
    })));
  }, input.payer);
  const heading = async () => (await page.locator("h1").first().innerText()).replace(/\s+/g, " ");
  const becomes = text => page.waitForFunction(t => document.querySelector("h1")?.innerText.replace(/\s+/g, " ").startsWith(t), text, { timeout: 30000 });
  await page.goto(input.url);
  await page.locator(`input[value='${input.network}']`).check();
  await page.locator("form[action$=choose] button").click();
  await page.locator("#wallet").click();
  await page.waitForFunction(() => document.getElementById("wallet-said").textContent.includes("Waiting for the network"), null, { timeout: 20000 });
  await step("block");
  await becomes("We see your");
  const first = await heading();
  await step("finalize");
  // Time of the test's clock passes, so that the page's stream looks again.
  await step("block");
  await becomes("Paid");
  return { seen: first, paid: await heading(), hash, errors: seen.errors, reports: await page.evaluate(() => window.reports) };
});
