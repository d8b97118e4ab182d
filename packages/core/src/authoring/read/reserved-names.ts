/** Keys that later versions of the contract will give a meaning. Until then they are refused, wherever they are not known. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'errors',
  'file',
  'text',
  'html',
  'static',
  'headers',
  'cors',
  'new-fields',
  'watch',
]);
