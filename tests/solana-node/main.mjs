// Solana's runtime in a process of its own: kit signs what the tests send, surfpool executes it as validators do, and
// chain.mjs puts it in blocks. Everything but slots and blocks is asked of surfpool itself.
// Prints one line: where the node is, which takes orders as POST /control/NAME too, who pays, and the genesis hash.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { Chain, Refused } from './chain.mjs';

const { values: options } = parseArgs({ options: { final: { type: 'string', default: '31' }, genesis: { type: 'string', default: '' } } });
const require = createRequire(new URL('../js/package.json', import.meta.url));
const { Surfnet } = require('@solana/surfpool-linux-x64-gnu');
const {
  AccountRole, address, appendTransactionMessageInstructions, compressTransactionMessageUsingAddressLookupTables,
  createKeyPairSignerFromBytes, createKeyPairSignerFromPrivateKeyBytes, createTransactionMessage, getAddressDecoder, getAddressEncoder,
  getBase64EncodedWireTransaction, getSignatureFromTransaction, pipe, setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash, signTransactionMessageWithSigners,
} = require('@solana/kit');
const token = require('@solana-program/token');
const { getCreateAccountInstruction } = require('@solana-program/system');

const Hour = 3_600_000;
const Sol = 1_000_000_000;
const Token2022 = address('TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb');
const Lookup = 'AddressLookupTab1e1111111111111111111111111';
const Memo = address('MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr');

// No slot comes by itself.
const net = Surfnet.startWithConfig({ offline: true, slotTimeMs: Hour, blockProductionMode: 'manual' });
const payer = await createKeyPairSignerFromBytes(Uint8Array.from(net.payerSecretKey));
const encode = (text) => Uint8Array.from(getAddressEncoder().encode(text));

async function rpc(method, ...params) {
  const answer = await fetch(net.rpcUrl, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = await answer.json();
  if (error) throw new Error(`${method}: ${error.message} ${JSON.stringify(error.data ?? '')}`);
  return result;
}

/** A key made from a name, so that a test can name people. */
const signer = (name) => {
  const bytes = new Uint8Array(32);
  new TextEncoder().encodeInto(name, bytes);
  return createKeyPairSignerFromPrivateKeyBytes(bytes);
};

const account = async (owner, mint, program = token.TOKEN_PROGRAM_ADDRESS) =>
  (await token.findAssociatedTokenPda({ owner, mint, tokenProgram: program }))[0];

let sent = 0;

/** Signs and sends; it is executed at once, and in a block with the next slot. */
async function send(instructions, { version = 0, table, mayFail = false } = {}) {
  const { value } = await rpc('getLatestBlockhash', { commitment: 'processed' });
  // What is the same but for this would be the same transaction.
  const note = { programAddress: Memo, accounts: [], data: new TextEncoder().encode(`sent ${++sent}`) };
  let message = pipe(
    createTransactionMessage({ version }),
    (m) => setTransactionMessageFeePayerSigner(payer, m),
    (m) => setTransactionMessageLifetimeUsingBlockhash({ ...value, lastValidBlockHeight: BigInt(value.lastValidBlockHeight) }, m),
    (m) => appendTransactionMessageInstructions([note, ...instructions], m),
  );
  if (table) message = compressTransactionMessageUsingAddressLookupTables(message, table);
  const transaction = await signTransactionMessageWithSigners(message);
  await rpc('sendTransaction', getBase64EncodedWireTransaction(transaction), { encoding: 'base64', skipPreflight: mayFail });
  return { signature: getSignatureFromTransaction(transaction) };
}

/** The payer's payments to wallets, with their accounts made where they are not there. */
async function payments(list) {
  const instructions = [];
  for (const { mint, to, atoms, decimals } of list) {
    const ata = await account(to, mint);
    instructions.push(
      token.getCreateAssociatedTokenIdempotentInstruction({ payer, ata, owner: to, mint }),
      token.getTransferCheckedInstruction({
        source: await account(payer.address, mint), mint, destination: ata, authority: payer, amount: BigInt(atoms), decimals,
      }),
    );
  }
  return instructions;
}

const control = {
  /** A mint at an address of the test's choosing; whoever pays may make tokens of it, and freeze accounts. */
  mint: ({ mint, decimals, program = token.TOKEN_PROGRAM_ADDRESS }) => {
    const data = Uint8Array.from(token.getMintEncoder().encode({
      mintAuthority: payer.address, supply: 0n, decimals, isInitialized: true, freezeAuthority: payer.address,
    }));
    net.setAccount(mint, Sol, [...data], program);
  },
  /** Makes tokens for a wallet. */
  make: async ({ mint, to, atoms }) => {
    const ata = await account(to, mint);
    return send([
      token.getCreateAssociatedTokenIdempotentInstruction({ payer, ata, owner: to, mint }),
      token.getMintToInstruction({ mint, token: ata, mintAuthority: payer, amount: BigInt(atoms) }),
    ]);
  },
  /** One transaction with all payments, as exchanges send them; with too much in the last one, it fails. */
  pay: async ({ list, fails = false, version = 0, lookup = false }) => {
    const instructions = await payments(list);
    if (fails) {
      const { mint, decimals } = list[0];
      const own = await account(payer.address, mint);
      instructions.push(token.getTransferCheckedInstruction({
        source: own, mint, destination: own, authority: payer, amount: 2n ** 64n - 1n, decimals,
      }));
    }
    return send(instructions, { version, mayFail: fails, table: lookup ? await tableOf(instructions) : undefined });
  },
  /** In and out again in one transaction: the wallet that is named gives back what it gets, and keeps the rest. */
  through: async ({ mint, decimals, name, atoms, back }) => {
    const wallet = await signer(name);
    const [own, theirs] = [await account(payer.address, mint), await account(wallet.address, mint)];
    return send([
      ...(await payments([{ mint, decimals, to: wallet.address, atoms }])),
      token.getTransferInstruction({ source: theirs, destination: own, authority: wallet, amount: BigInt(back) }),
    ]);
  },
  /** The wallet that is named gives its account with all that is in it to another by name only (SetAuthority). */
  giveAway: async ({ mint, name, to }) => {
    const wallet = await signer(name);
    return send([token.getSetAuthorityInstruction({
      owned: await account(wallet.address, mint), owner: wallet,
      authorityType: token.AuthorityType.AccountOwner, newAuthority: to,
    })]);
  },
  /** A new account of the owner that is not the one which follows from owner and mint, and a payment into it. */
  payElsewhere: async ({ mint, decimals, to, atoms, name }) => {
    const extra = await signer(name);
    return send([
      getCreateAccountInstruction({
        payer, newAccount: extra, lamports: 2_039_280n, space: 165n, programAddress: token.TOKEN_PROGRAM_ADDRESS,
      }),
      token.getInitializeAccount3Instruction({ account: extra.address, mint, owner: to }),
      token.getTransferCheckedInstruction({
        source: await account(payer.address, mint), mint, destination: extra.address, authority: payer,
        amount: BigInt(atoms), decimals,
      }),
    ]);
  },
  /** The wallet that is named sends all it has to another and closes its account. */
  close: async ({ mint, name, to, atoms }) => {
    const wallet = await signer(name);
    const source = await account(wallet.address, mint);
    return send([
      ...(BigInt(atoms) > 0n ? [
        token.getCreateAssociatedTokenIdempotentInstruction({ payer, ata: await account(to, mint), owner: to, mint }),
        token.getTransferInstruction({ source, destination: await account(to, mint), authority: wallet, amount: BigInt(atoms) }),
      ] : []),
      token.getCloseAccountInstruction({ account: source, destination: payer.address, owner: wallet }),
    ]);
  },
  /** The mint's authority freezes the account of an owner, or lets it go again. */
  freeze: async ({ mint, owner, thaw = false }) => {
    const order = { account: await account(owner, mint), mint, owner: payer };
    return send([thaw ? token.getThawAccountInstruction(order) : token.getFreezeAccountInstruction(order)]);
  },
  /** The owner of this private key burns what is its own: no transfer tells of it. */
  burn: async ({ mint, key, atoms }) => {
    const owner = await createKeyPairSignerFromPrivateKeyBytes(Uint8Array.from(Buffer.from(key, 'hex')));
    return send([token.getBurnInstruction({ account: await account(owner.address, mint), mint, authority: owner, amount: BigInt(atoms) })]);
  },
  /** Gives the wallet that is named what it pays fees and rent with. */
  fund: async ({ name }) => net.setAccount((await signer(name)).address, 10 * Sol, [], '1'.repeat(32)),
  address: async ({ name }) => ({ address: (await signer(name)).address }),
  /** The next blocks; what was sent is in the first of them. */
  mine: async ({ blocks = 1 }) => {
    if (blocks < 1) return;
    net.timeTravelToSlot(executing + 1);
    const done = await rpc('getBlock', executing++, {
      commitment: 'confirmed', encoding: 'json', transactionDetails: 'accounts', rewards: false, maxSupportedTransactionVersion: 1,
    });
    // Surfpool still tells the balance of an account that was closed; a validator does not, as there is no account.
    for (const { meta } of done.transactions)
      for (const when of ['pre', 'post'])
        meta[`${when}TokenBalances`] = meta[`${when}TokenBalances`]
          .filter(({ accountIndex }) => meta[`${when}Balances`][accountIndex] > 0);
    chain.add(done.transactions, await left(done.transactions));
    for (let i = 1; i < blocks; i++) chain.add([]);
  },
  fork: ({ depth, drop }) => chain.fork(depth, drop),
  lag: ({ blocks }) => { chain.lag = blocks; },
};

/** What transactions left in the accounts that they name. */
async function left(transactions) {
  const keys = [...new Set(transactions.flatMap(({ transaction }) => transaction.accountKeys.map(({ pubkey }) => pubkey)))];
  const found = new Map();
  for (let i = 0; i < keys.length; i += 100) {
    const some = keys.slice(i, i + 100);
    const { value } = await rpc('getMultipleAccounts', some, { commitment: 'processed', encoding: 'base64' });
    some.forEach((key, k) => found.set(key, value[k]));
  }
  return found;
}

/** A lookup table with every account of these instructions that a table may give. */
async function tableOf(instructions) {
  const addresses = [...new Set(instructions.flatMap(({ accounts }) => accounts)
    .filter(({ role }) => role === AccountRole.READONLY || role === AccountRole.WRITABLE)
    .map((meta) => meta.address))];
  const head = Buffer.alloc(56);
  head.writeUInt32LE(1, 0);
  head.writeBigUInt64LE(2n ** 64n - 1n, 4);
  net.setAccount((await signer('table')).address, Sol, [...head, ...addresses.flatMap((a) => [...encode(a)])], Lookup);
  return { [(await signer('table')).address]: addresses };
}

const node = {
  getGenesisHash: () => genesis,
  getSlot: ({ commitment } = {}) => chain.slot(commitment),
  getBlocks: (from, to) => chain.slots(from, to),
  getBlock: (slot, wish) => chain.block(slot, wish),
  getMultipleAccounts: (keys, wish) => chain.accounts(keys, wish),
};

const genesis = options.genesis || await rpc('getGenesisHash');

// Blocks from here on are the tests' own.
let executing = Number(net.timeTravelToSlot(100).absoluteSlot);
const chain = new Chain({
  time: 1_800_000_000, final: Number(options.final), encode: (bytes) => getAddressDecoder().decode(Uint8Array.from(bytes)),
});

async function asked(path, body) {
  const question = JSON.parse(body);
  if (path.startsWith('/control/')) {
    try {
      return (await control[path.split('/').at(-1)](question)) ?? {};
    } catch (error) {
      return { Error: `${error.message} ${error.cause?.message ?? ''}` };
    }
  }
  const { id, method, params } = question;
  if (!Object.hasOwn(node, method))
    return (await fetch(net.rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json();
  try {
    return { jsonrpc: '2.0', result: node[method](...params), id };
  } catch (error) {
    return { jsonrpc: '2.0', error: { code: error instanceof Refused ? error.code : -32603, message: error.message }, id };
  }
}

// One question after the other: the chain is one state.
let turn = Promise.resolve();
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  turn = turn.then(async () =>
    response.writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(await asked(request.url, Buffer.concat(chunks).toString()))));
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({
  url: `http://127.0.0.1:${server.address().port}`, payer: payer.address, genesis,
})));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
