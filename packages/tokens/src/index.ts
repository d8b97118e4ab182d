export { OwnerMemory } from './owner-memory.ts';
export { tokenKey, tokenizer } from './token-key.ts';
