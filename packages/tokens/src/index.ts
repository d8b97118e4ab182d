export { type Escrow, type EscrowEntry, eraseFromEscrow, openEscrow, readEscrow } from './escrow.ts';
export { createEscrowKey, readEscrowKey } from './escrow-key.ts';
export { keyId, tokenKey, tokenizer } from './token-key.ts';
