// The chain of blocks over what surfpool executed. Surfpool's own blocks do not connect (a block with transactions names
// another hash than the next one calls its parent, and its own slot as its parent's), it skips no slot and knows no
// forks; so links, slots, forks and lag are emulated here, and transactions with their outcome are surfpool's own.
import { createHash } from 'node:crypto';

export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export class Chain {
  /** Newest blocks that are not told of. */
  lag = 0;
  #blocks = [];
  #made = 0;

  /** @param time seconds of the first block  @param encode 32 bytes to base 58  @param final slots to finality */
  constructor({ time, encode, final }) {
    Object.assign(this, { time, encode, final });
    this.add([]);
  }

  /** Every fourth slot is skipped. */
  add(transactions, left = new Map()) {
    const i = this.#blocks.length;
    const hash = this.encode(createHash('sha256').update(`block ${i}, made as number ${++this.#made}`).digest());
    const parent = this.#blocks[i - 1] ?? { slot: 299, hash: '1'.repeat(32) };
    this.#blocks.push({ slot: 300 + i + Math.floor(i / 3), hash, parent, time: this.time + i, height: i, transactions, left });
  }

  /** Replaces the newest blocks by as many others; their transactions come again in the first of them, or are lost. */
  fork(depth, drop) {
    const lost = this.#blocks.splice(-depth).flatMap(({ transactions }) => transactions);
    this.add(drop ? [] : lost);
    for (let i = 1; i < depth; i++) this.add([]);
  }

  get #seen() {
    return this.#blocks.slice(0, this.#blocks.length - this.lag);
  }

  slot(commitment = 'finalized') {
    if (commitment === 'processed') throw new Refused(-32602, 'the emulator has no processed slots');
    const seen = this.#seen;
    return (commitment === 'finalized' ? seen.at(-this.final - 1) ?? seen[0] : seen.at(-1)).slot;
  }

  slots(from, to = Infinity) {
    return this.#seen.map(({ slot }) => slot).filter((slot) => slot >= from && slot <= to);
  }

  /** What blocks up to one left in accounts that their transactions name; an account that none names is not there. */
  accounts(keys, { commitment = 'finalized', minContextSlot = 0 } = {}) {
    const slot = this.slot(commitment);
    if (slot < minContextSlot) throw new Refused(-32016, 'Minimum context slot has not been reached');
    const blocks = this.#seen.filter((block) => block.slot <= slot).reverse();
    const value = keys.map((key) => blocks.find(({ left }) => left.has(key))?.left.get(key) ?? null);
    return { context: { slot }, value };
  }

  block(slot, { transactionDetails = 'full', maxSupportedTransactionVersion, rewards = true } = {}) {
    if (slot > this.slot('confirmed')) throw new Refused(-32004, `Block not available for slot ${slot}`);
    const found = this.#seen.find((block) => block.slot === slot);
    if (!found) throw new Refused(-32007, `Slot ${slot} was skipped, or missing due to ledger jump to recent snapshot`);
    for (const { version } of found.transactions)
      if (version !== 'legacy' && !(version <= maxSupportedTransactionVersion))
        throw new Refused(-32015, `Transaction version (${version}) is not supported by the requesting client. ` +
          'Please try the request again with the following configuration parameter: ' +
          `"maxSupportedTransactionVersion": ${version}`);
    if (!['none', 'accounts'].includes(transactionDetails) || rewards)
      throw new Refused(-32602, 'the emulator tells headers and accounts only');
    const { hash, parent, time, height, transactions } = found;
    return {
      blockHeight: height, blockTime: time, blockhash: hash, parentSlot: parent.slot, previousBlockhash: parent.hash,
      ...(transactionDetails === 'accounts' ? { transactions } : {}),
    };
  }
}
