// What the browser scripts share. A script takes a JSON argument and the path of Chromium, and prints a
// JSON answer.
import { chromium } from "playwright-core";

export const input = JSON.parse(process.argv[2] ?? "{}");

/** A page that records what must not happen: requests to elsewhere, policy reports, script errors. */
export async function open(browser, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const seen = { requests: [], errors: [], bytes: 0 };
  page.on("request", request => seen.requests.push(request.url()));
  page.on("pageerror", error => seen.errors.push(String(error)));
  page.on("console", message => { if (message.type() === "error") seen.errors.push(message.text()); });
  await page.addInitScript(() => {
    window.reports = [];
    document.addEventListener("securitypolicyviolation", event => {
      window.reports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return { context, page, seen };
}

export async function run(work) {
  const browser = await chromium.launch({ executablePath: process.argv[3], args: ["--no-sandbox"] });
  try {
    process.stdout.write(JSON.stringify(await work(browser) ?? {}));
  } finally {
    await browser.close();
  }
}

/** Requests that left the origin of this address; data and blob stay inside. */
export const foreign = (requests, url) =>
  requests.filter(request => !request.startsWith(new URL(url).origin) && !/^(data|blob|about):/.test(request));

export const text = (page, selector) => page.locator(selector).first().innerText();

/** Waits until the page's title has these words; what it shows instead is told. */
export const becomes = (page, words) => page.waitForFunction(
  expected => document.querySelector("h1")?.innerText.replace(/\s+/g, " ").includes(expected), words, { timeout: 15000 })
  .catch(async error => { throw new Error(`${words}: ${await page.locator("main").innerText()} ${error}`); });
