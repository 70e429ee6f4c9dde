// Pays from a wallet of TRON. The server makes the transaction and sends what the wallet has signed: a wallet's tronWeb
// would ask its own node from inside our page, and the page's policy lets no request leave to anywhere but us.
"use strict";
import { Stop, begin, isDeclined, isOnNetwork, made, sent } from "./wallet.js";

const mainnet = "0x2b6653dc";

export const start = (wallets, page) => begin(wallets, page, pay);

async function pay(wallet, { chain, token, call }, check) {
  const payer = await connect(wallet);
  if (!await isOn(wallet, chain)) throw new Stop("other");
  const { tronWeb } = wallet.provider;
  const transaction = JSON.parse(await made(payer));
  // What the wallet is to sign must be what stands on the page.
  const { owner_address, contract_address, data } = transaction.raw_data.contract[0].parameter.value;
  const isOurs = "0x" + data === call
    && contract_address === tronWeb.address.toHex(token)
    && owner_address === tronWeb.address.toHex(payer);
  if (!isOurs) throw new Stop("stale");
  const signed = await tronWeb.trx.sign(transaction);
  await check();
  return sent(payer, JSON.stringify(signed));
}

/** The account that pays. TIP-1193 answers with a list; the objects before it with a code, and name it in tronWeb. */
async function connect({ provider, info }) {
  const method = info.isOlder ? "tron_requestAccounts" : "eth_requestAccounts";
  const answer = await provider.request({ method });
  if (Array.isArray(answer) && answer.length > 0) return answer[0];
  if (answer && answer.code === 4001) throw answer;
  const account = provider.tronWeb && provider.tronWeb.defaultAddress;
  if (!account || !account.base58) throw new Stop("failed");
  return account.base58;
}

/**
 * Whether the wallet is on the network. A transaction names a block of ours and is valid nowhere else; this is for the
 * person, who must not take real money for test money. Where a wallet cannot say its chain, its node's name must do.
 */
async function isOn({ provider, info }, chain) {
  if (!info.isOlder) {
    try {
      return await isOnNetwork(provider, chain);
    } catch (error) {
      if (isDeclined(error)) throw error;
    }
  }
  const node = String((provider.tronWeb.fullNode && provider.tronWeb.fullNode.host) || "");
  return /nile|shasta/i.test(node) === (chain !== mainnet);
}
