// Pays from a wallet of Solana (Wallet Standard). The server makes the transaction, as it knows a recent block; the wallet
// signs and sends it by its own node. One that only signs gives it back, and the server sends it.
"use strict";
import { Stop, begin, isDeclined, made, sent } from "./wallet.js";

const signAndSend = "solana:signAndSendTransaction";
const sign = "solana:signTransaction";

export const start = (wallets, page) => begin(wallets, page, pay);

async function pay({ provider }, { chain }, check) {
  const { accounts } = await provider.features["standard:connect"].connect();
  const account = accounts.find(a => (a.chains || []).includes(chain));
  if (!account) throw new Stop("other");
  await check();
  const payer = account.address;
  const transaction = bytesOf(await made(payer));
  const has = feature => feature in provider.features && (!account.features || account.features.includes(feature));
  if (has(signAndSend)) {
    try {
      const [{ signature }] = await provider.features[signAndSend].signAndSendTransaction({ account, chain, transaction });
      return base58(signature);
    } catch (error) {
      // A wallet that gave up waiting for the network has sent it all the same.
      if (isDeclined(error)) throw error;
      throw new Stop("unclear");
    }
  }
  if (!has(sign)) throw new Stop("failed");
  const [{ signedTransaction }] = await provider.features[sign].signTransaction({ account, chain, transaction });
  await check();
  return sent(payer, textOf(signedTransaction));
}

const bytesOf = text => Uint8Array.from(atob(text), character => character.charCodeAt(0));

const textOf = bytes => btoa(String.fromCharCode(...bytes));

/** Signatures are shown in base 58. */
function base58(bytes) {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let text = "";
  for (; number > 0n; number /= 58n) text = alphabet[Number(number % 58n)] + text;
  const zeros = bytes.findIndex(byte => byte !== 0);
  return "1".repeat(zeros < 0 ? bytes.length : zeros) + text;
}
