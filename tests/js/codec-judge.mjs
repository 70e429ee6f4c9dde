// Answers what viem, tronweb, @solana/kit and the libraries beneath them make of the inputs that the codec tests generate.
// One line in, one line out: {"op": name, "in": [input, ...]} -> {"out": [answer, ...]}. An input that is refused
// answers {"refused": message} in its place, so that a test can compare refusals as well.
import { createInterface } from 'node:readline';
import {
  decodeAbiParameters, decodeEventLog, decodeFunctionData, encodeAbiParameters, encodeFunctionData, erc20Abi, fromRlp,
  getAddress, isAddress, keccak256, parseTransaction, recoverPublicKey, recoverTransactionAddress,
  serializeTransaction, toRlp,
} from 'viem';
import { HDKey, hdKeyToAccount, mnemonicToAccount, privateKeyToAccount, publicKeyToAddress, sign } from 'viem/accounts';
import { Bloom } from 'ox';
import { TronWeb, utils as tronUtils } from 'tronweb';
import {
  getAddressDecoder, getAddressEncoder, getProgramDerivedAddress, isAddress as isSolanaAddress, isOffCurveAddress,
  AccountRole, appendTransactionMessageInstructions, compileTransaction, createKeyPairFromPrivateKeyBytes,
  createKeyPairSignerFromPrivateKeyBytes, createNoopSigner, createTransactionMessage, decompileTransactionMessage,
  getCompiledTransactionMessageDecoder, getPublicKeyFromAddress, getSignatureFromTransaction, getTransactionDecoder,
  getTransactionEncoder, setTransactionMessageFeePayer, setTransactionMessageLifetimeUsingBlockhash, signBytes,
  signTransaction as signSolana, verifySignature,
} from '@solana/kit';
import {
  findAssociatedTokenPda, getCreateAssociatedTokenIdempotentInstruction, getTransferCheckedInstruction,
  parseCreateAssociatedTokenIdempotentInstruction, parseTransferCheckedInstruction,
} from '@solana-program/token';
import { createHmac } from 'node:crypto';
import { entropyToMnemonic, mnemonicToSeedSync } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english';

const bytes = (hex) => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
const hex = (data) => '0x' + Buffer.from(data).toString('hex');

function transaction(t) {
  const common = {
    chainId: t.chainId, nonce: t.nonce, gas: BigInt(t.gas), value: BigInt(t.value), data: t.data,
    ...(t.to ? { to: t.to } : {}),
  };
  return t.gasPrice === undefined
    ? { ...common, type: 'eip1559', maxFeePerGas: BigInt(t.maxFee), maxPriorityFeePerGas: BigInt(t.tip) }
    : { ...common, type: 'legacy', gasPrice: BigInt(t.gasPrice) };
}

function described(raw, sender) {
  const t = parseTransaction(raw);
  const number = (value) => (value ?? 0n).toString();
  return {
    chainId: number(t.chainId), nonce: number(t.nonce), gas: number(t.gas), value: number(t.value),
    to: t.to ? getAddress(t.to) : '', data: t.data ?? '0x', r: t.r, s: t.s,
    fees: t.type === 'legacy'
      ? [number(t.gasPrice)]
      : [number(t.maxPriorityFeePerGas), number(t.maxFeePerGas)],
    hash: keccak256(raw), sender,
  };
}

// Transactions are built without a node: the reference block is given.
const tronweb = new TronWeb({ fullHost: 'http://127.0.0.1:9' });
const { ecRecover, signTransaction } = tronUtils.crypto;
const { txJsonToPb, txPbToTxID } = tronUtils.transaction;

async function tronTransaction({ owner, to, amount, contract, feeLimit, data, atoms, reference, ...blockHeader }) {
  const builder = tronweb.transactionBuilder;
  if (amount !== undefined) return builder.sendTrx(to, amount, owner, { blockHeader });
  const call = data === undefined
    ? ['transfer(address,uint256)', { rawParameter: tronUtils.abi.encodeParams(['address', 'uint256'], [to, atoms]) + reference }]
    : ['', { input: data }];
  const options = { ...call[1], feeLimit, blockHeader, txLocal: true };
  return (await builder.triggerSmartContract(contract, call[0], options, [], owner)).transaction;
}

function tronDescribed(raw) {
  const pb = globalThis.TronWebProto.Transaction.deserializeBinary(bytes(raw));
  const contracts = pb.getRawData().getContractList();
  const type = { 1: 'TransferContract', 31: 'TriggerSmartContract' }[contracts[0].getType()];
  const read = tronUtils.deserializeTx.deserializeTransaction(type, hex(pb.getRawData().serializeBinary()).slice(2));
  const id = txPbToTxID(pb).replace(/^0x/, '');
  const signatures = pb.getSignatureList_asU8().map((signature) => ecRecover(id, hex(signature).slice(2)));
  const { value } = read.contract[0].parameter;
  return {
    id, signers: signatures, contracts: contracts.length, type,
    owner: value.owner_address, target: value.to_address ?? value.contract_address,
    amount: String(value.amount ?? value.call_value ?? 0), data: value.data ?? '', feeLimit: String(read.fee_limit ?? 0),
    block: read.ref_block_bytes + read.ref_block_hash, times: [String(read.timestamp), String(read.expiration)],
  };
}

/** The transfer of a payer's wallet out of the values alone, as the token program's client and kit put it together. */
function solanaTransfer({ payer, source, recipient, ata, mint, program, atoms, decimals, reference, blockhash }) {
  const authority = createNoopSigner(payer);
  const transfer = getTransferCheckedInstruction(
    { source, mint, destination: ata, authority, amount: BigInt(atoms), decimals }, { programAddress: program },
  );
  let message = createTransactionMessage({ version: 'legacy' });
  message = setTransactionMessageFeePayer(payer, message);
  message = setTransactionMessageLifetimeUsingBlockhash({ blockhash, lastValidBlockHeight: 0n }, message);
  return compileTransaction(appendTransactionMessageInstructions([
    getCreateAssociatedTokenIdempotentInstruction({ payer: authority, ata, owner: recipient, mint, tokenProgram: program }),
    { ...transfer, accounts: [...transfer.accounts, { address: reference, role: AccountRole.READONLY }] },
  ], message));
}

const solanaMessage = ({ messageBytes }) => decompileTransactionMessage(getCompiledTransactionMessageDecoder().decode(messageBytes));
const wire = (transaction) => hex(getTransactionEncoder().encode(transaction));

async function solanaDescribed(raw) {
  const transaction = getTransactionDecoder().decode(bytes(raw));
  const [payer] = Object.keys(transaction.signatures);
  const message = solanaMessage(transaction);
  const [create, transfer] = message.instructions;
  const made = parseCreateAssociatedTokenIdempotentInstruction(create);
  const paid = parseTransferCheckedInstruction(transfer);
  return {
    again: wire(transaction), payer: message.feePayer.address, signers: Object.keys(transaction.signatures).join(),
    version: String(message.version), instructions: String(message.instructions.length),
    blockhash: message.lifetimeConstraint.blockhash, id: getSignatureFromTransaction(transaction),
    signed: String(await verifySignature(
      await getPublicKeyFromAddress(payer), transaction.signatures[payer], transaction.messageBytes,
    )),
    create: [create.programAddress, ...create.accounts.map(({ address, role }) => `${address} ${role}`)].join(),
    made: Object.entries(made.accounts).map(([name, { address }]) => `${name} ${address}`).join(),
    transfer: [transfer.programAddress, ...transfer.accounts.map(({ address, role }) => `${address} ${role}`)].join(),
    paid: `${paid.data.amount} ${paid.data.decimals}`,
  };
}

const judge = {
  keccak: (data) => keccak256(data),
  checksum: (address) => getAddress(address),
  isAddress: (text) => isAddress(text, { strict: true }),
  publicKeyAddress: (key) => publicKeyToAddress(key),
  toRlp: (tree) => toRlp(tree),
  fromRlp: (data) => fromRlp(data, 'hex'),
  transferCall: ({ to, atoms }) =>
    encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, BigInt(atoms)] }),
  readTransferCall: (data) => decodeFunctionData({ abi: erc20Abi, data }).args.map(String),
  balanceCall: (owner) => encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [owner] }),
  stringResult: (text) => encodeAbiParameters([{ type: 'string' }], [text]),
  wordResult: ({ type, value }) => {
    const typed = { bool: () => value === '1', address: () => value }[type] ?? (() => BigInt(value));
    return encodeAbiParameters([{ type }], [typed()]);
  },
  readWord: (data) => decodeAbiParameters([{ type: 'uint256' }], data)[0].toString(),
  transferLog: ({ topics, data }) => {
    const { args } = decodeEventLog({ abi: erc20Abi, eventName: 'Transfer', topics, data });
    return [args.from, args.to, args.value.toString()];
  },
  unsigned: (t) => serializeTransaction(transaction(t)),
  signed: ({ key, ...t }) => privateKeyToAccount(key).signTransaction(transaction(t)),
  readSigned: async (raw) => described(raw, await recoverTransactionAddress({ serializedTransaction: raw })),
  sign: async ({ hash, key }) => {
    const { r, s, yParity } = await sign({ hash, privateKey: key });
    return [r, s, String(yParity)];
  },
  recover: ({ hash, r, s, yParity }) => recoverPublicKey({ hash, signature: { r, s, yParity } }),
  hd: ({ seed, path }) => {
    const key = HDKey.fromMasterSeed(bytes(seed)).derive(path);
    return [key.privateExtendedKey, key.publicExtendedKey, publicKeyToAddress(publicKey(key))];
  },
  deposits: ({ xpub, index }) => {
    const key = HDKey.fromExtendedKey(xpub).deriveChild(0).deriveChild(index);
    return publicKeyToAddress(publicKey(key));
  },
  tronAddress: (raw) => TronWeb.address.fromHex('41' + raw.slice(2)),
  tronHex: (text) => TronWeb.address.toHex(text),
  isTronAddress: (text) => TronWeb.isAddress(text),
  tronKeyAddress: (key) => TronWeb.address.fromPrivateKey(key.slice(2)),
  tronTransfer: (tx) => {
    const pb = tronUtils.transaction.txJsonToPb(tx);
    return {
      id: tronUtils.transaction.txPbToTxID(pb).replace(/^0x/, ''), raw: tronUtils.transaction.txPbToRawDataHex(pb).toLowerCase(),
      checked: tronUtils.transaction.txCheck(tx),
    };
  },
  tronAccount: ({ mnemonic, index }) => TronWeb.fromMnemonic(mnemonic, `m/44'/195'/0'/0/${index}`).address,
  tronTransaction: async ({ key, ...t }) => {
    const signed = signTransaction(key.slice(2), await tronTransaction(t));
    const pb = txJsonToPb(signed);
    pb.addSignature(bytes('0x' + signed.signature[0]));
    return [signed.txID, hex(pb.serializeBinary())];
  },
  readTronTransaction: tronDescribed,
  solanaAddress: (raw) => getAddressDecoder().decode(bytes(raw)),
  solanaBytes: (text) => hex(getAddressEncoder().encode(text)),
  isSolanaAddress: (text) => isSolanaAddress(text),
  isOnCurve: (raw) => !isOffCurveAddress(getAddressDecoder().decode(bytes(raw))),
  programAddress: async ({ program, seeds }) => {
    const [address, bump] = await getProgramDerivedAddress({ programAddress: program, seeds: seeds.map(bytes) });
    return [address, String(bump)];
  },
  tokenAccount: async ({ owner, mint, program }) =>
    (await findAssociatedTokenPda({ owner, mint, tokenProgram: program }))[0],
  solanaKeyAddress: async (key) => (await createKeyPairSignerFromPrivateKeyBytes(bytes(key))).address,
  solanaAccount: async ({ mnemonic, index }) =>
    (await createKeyPairSignerFromPrivateKeyBytes(slip10(mnemonicToSeedSync(mnemonic), [44, 501, index, 0]))).address,
  /** Built and signed by kit, and what kit makes of our bytes: put together anew, and signed as they are. */
  solanaTransfer: async ({ key, unsigned, ...values }) => {
    const pair = await createKeyPairFromPrivateKeyBytes(bytes(key));
    const ours = getTransactionDecoder().decode(bytes(unsigned));
    const sign = async (transaction) => wire(await signSolana([pair], transaction));
    return [await sign(solanaTransfer(values)), hex(compileTransaction(solanaMessage(ours)).messageBytes), await sign(ours)];
  },
  readSolanaTransfer: solanaDescribed,
  solanaSign: async ({ key, message }) => {
    const { privateKey } = await createKeyPairFromPrivateKeyBytes(bytes(key));
    return hex(await signBytes(privateKey, bytes(message)));
  },
  hdAccount: ({ seed, index }) => hdKeyToAccount(HDKey.fromMasterSeed(bytes(seed)), { addressIndex: index }).address,
  mnemonic: ({ entropy, passphrase, index }) => {
    const words = entropyToMnemonic(bytes(entropy), wordlist);
    return [
      words,
      hex(mnemonicToSeedSync(words, passphrase)),
      mnemonicToAccount(words, { addressIndex: index, passphrase }).address,
    ];
  },
  bloom: ({ bloom, item }) => Bloom.contains(bloom, item),
};

// viem's address function takes uncompressed keys only; recovering is not needed, the curve library is beneath it.
import { secp256k1 } from '@noble/curves/secp256k1';
function publicKey(key) {
  return hex(secp256k1.ProjectivePoint.fromHex(key.publicKey).toRawBytes(false));
}

// SLIP-10 for Ed25519, whose steps are all hardened; no library that we have speaks it.
function slip10(seed, path) {
  const hmac = (key, ...parts) => parts.reduce((h, part) => h.update(part), createHmac('sha512', key)).digest();
  let node = hmac('ed25519 seed', seed);
  for (const step of path) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(step + 2 ** 31);
    node = hmac(node.subarray(32), Buffer.of(0), node.subarray(0, 32), number);
  }
  return Uint8Array.from(node.subarray(0, 32));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { op, in: inputs } = JSON.parse(line);
  const out = [];
  for (const input of inputs) {
    try {
      out.push(await judge[op](input));
    } catch (error) {
      out.push({ refused: String(error.shortMessage ?? error.message) });
    }
  }
  process.stdout.write(JSON.stringify({ out }) + '\n');
}
