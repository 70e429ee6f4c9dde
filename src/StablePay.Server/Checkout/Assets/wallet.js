// What paying from a wallet has in common on every network. Everything that is sent was computed by the server: these
// scripts only carry it to the wallet, if the page is still true. A hash that comes back is told to the server so that it
// looks sooner; what was paid, the network alone decides.
"use strict";

/** A sentence of the page that says why nothing more happens. */
export class Stop extends Error {
  constructor(sentence) {
    super(sentence);
    this.sentence = sentence;
  }
}

/** Wallets write a refusal by the person as a code, or in words of their own. */
export const isDeclined = error =>
  (error && error.code === 4001) || /declin|reject|cancel|denied/i.test(String((error && error.message) || error));

/** A form post to the page's own server: its JSON, or null if the server did not understand or answer. */
async function post(path, fields) {
  // The browser's address may be a form's, if that was refused.
  const { page } = document.getElementById("wallets").dataset;
  try {
    const answer = await fetch(`${page}/${path}`, { method: "POST", body: new URLSearchParams(fields) });
    return { ok: answer.ok, status: answer.status, body: await answer.json() };
  } catch {
    return { ok: false, status: 0, body: null };
  }
}

/** The transfer that the server makes for this account, in the form of the network's wallets. */
export async function made(payer) {
  const answer = await post("transfer", { payer });
  if (answer.ok) return answer.body.transaction;
  throw new Stop(answer.status === 404 ? "stale" : "unmade");
}

/** Gives the signed transfer back to the server, which sends it; its hash. */
export async function sent(payer, transaction) {
  const answer = await post("transfer/signed", { payer, transaction });
  if (answer.ok) return answer.body.transaction_hash;
  throw new Stop(answer.status === 400 ? "refused" : answer.status === 404 ? "stale" : "unclear");
}

/**
 * Asks which wallet when there are several, then pays.
 * @param pay (wallet, facts of the box, check) => hash; check throws if the page is not true any more
 */
export async function begin(wallets, page, pay) {
  if (wallets.length === 1) return run(wallets[0], page, pay);
  const { box } = page;
  document.getElementById("wallet").hidden = true;
  for (const wallet of wallets) {
    const { info } = wallet;
    const choice = document.createElement("button");
    choice.type = "button";
    choice.className = "btn btn--wide";
    if (typeof info.icon === "string" && info.icon.startsWith("data:image/")) {
      const icon = document.createElement("img");
      icon.src = info.icon;
      icon.alt = "";
      icon.width = icon.height = 24;
      choice.append(icon);
    }
    choice.append(`${box.dataset.with} ${String(info.name).slice(0, 40)}`);
    choice.addEventListener("click", () => run(wallet, page, pay));
    box.append(choice);
  }
  box.querySelector("button:not([hidden])").focus();
}

async function run(wallet, { box, say, facts, again }, pay) {
  const place = document.getElementById("wallet-said");
  const tell = (text, hash) => {
    const [line, number] = place.children;
    line.textContent = text;
    number.textContent = hash || "";
    place.hidden = false;
    say(text);
  };
  const buttons = [...box.querySelectorAll("button")];
  const busy = isBusy => buttons.forEach(button => { button.disabled = isBusy; });
  const check = async () => { if (!await isCurrent(facts)) throw new Stop("stale"); };
  busy(true);
  try {
    await check();
    tell(box.dataset.busy);
    // The person may take minutes in the wallet: it is asked again before anything is sent.
    const hash = await pay(wallet, box.dataset, check);
    tell(box.dataset.sent, hash);
    await post("sent", { transaction_hash: hash });
  } catch (error) {
    tell(box.dataset[error instanceof Stop ? error.sentence : isDeclined(error) ? "declined" : "failed"]);
    if (error instanceof Stop && error.sentence === "stale") again();
    else busy(false);
  }
}

async function isCurrent(facts) {
  const answer = await fetch(facts.status, { cache: "no-store" });
  const status = await answer.json();
  return status.state === facts.state && String(status.version) === facts.version && status.now_ms < Number(facts.expires);
}

/** Whether the wallet is on the network, asking it to change once; the calls are those of EIP-1193 and TIP-1193. */
export async function isOnNetwork(provider, chain) {
  const isThere = async () => BigInt(await provider.request({ method: "eth_chainId" })) === BigInt(chain);
  if (await isThere()) return true;
  try {
    await provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId: chain }] });
  } catch (error) {
    if (isDeclined(error)) throw error;
    return false;
  }
  return isThere();
}
