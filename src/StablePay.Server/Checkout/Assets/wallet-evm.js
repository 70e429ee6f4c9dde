// Pays from an injected wallet (EIP-1193). Everything that is sent was computed by the server and stands on the page:
// this script only carries it to the wallet, on the right network, if the page is still true.
"use strict";

const declined = 4001;

/** Asks which wallet when there are several, then pays. */
export async function start(wallets, box, line, say, facts, again) {
  const tell = text => { line.hidden = false; line.textContent = text; say(text); };
  if (wallets.length === 1) return pay(wallets[0].provider, box, tell, facts, again);
  const button = document.getElementById("wallet");
  button.hidden = true;
  for (const { info, provider } of wallets) {
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
    choice.addEventListener("click", () => pay(provider, box, tell, facts, again));
    box.append(choice);
  }
  box.querySelector("button:not([hidden])").focus();
}

async function pay(provider, box, tell, facts, again) {
  const buttons = [...box.querySelectorAll("button")];
  const busy = isBusy => buttons.forEach(button => { button.disabled = isBusy; });
  busy(true);
  try {
    if (!await isCurrent(facts)) {
      tell(box.dataset.stale);
      return again();
    }
    tell(box.dataset.busy);
    const [from] = await provider.request({ method: "eth_requestAccounts" });
    if (!await isOnNetwork(provider, box.dataset.chain)) {
      tell(box.dataset.other);
      return busy(false);
    }
    // The person may have taken minutes in the wallet: the amount may have been paid or the time be over meanwhile.
    if (!await isCurrent(facts)) {
      tell(box.dataset.stale);
      return again();
    }
    await provider.request({
      method: "eth_sendTransaction",
      params: [{ from, to: box.dataset.token, data: box.dataset.call, value: "0x0" }],
    });
    tell(box.dataset.sent);
  } catch (error) {
    tell(error && error.code === declined ? box.dataset.declined : box.dataset.failed);
    busy(false);
  }
}

async function isCurrent(facts) {
  const answer = await fetch(facts.status, { cache: "no-store" });
  const status = await answer.json();
  return status.state === facts.state && String(status.version) === facts.version && status.now_ms < Number(facts.expires);
}

async function isOnNetwork(provider, chain) {
  const isThere = async () => BigInt(await provider.request({ method: "eth_chainId" })) === BigInt(chain);
  if (await isThere()) return true;
  try {
    await provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId: chain }] });
  } catch (error) {
    if (error && error.code === declined) throw error;
    return false;
  }
  return isThere();
}
