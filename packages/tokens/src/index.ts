export { tokenKey, tokenizer } from './token-key.ts';
