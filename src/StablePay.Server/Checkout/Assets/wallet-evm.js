// Pays from a wallet of an EVM network (EIP-1193).
"use strict";
import { Stop, begin, isOnNetwork } from "./wallet.js";

export const start = (wallets, page) => begin(wallets, page, pay);

async function pay({ provider }, { chain, token, call }, check) {
  const [from] = await provider.request({ method: "eth_requestAccounts" });
  if (!await isOnNetwork(provider, chain)) throw new Stop("other");
  await check();
  return provider.request({ method: "eth_sendTransaction", params: [{ from, to: token, data: call, value: "0x0" }] });
}
