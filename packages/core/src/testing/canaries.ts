import { type JsonNode, type JsonText, readJson } from '../wire/json.ts';

/** Members that owners, conditions and choices are read from: changing them would change what is judged. */
const EVIDENCE = /^(?:leakproof_|id$|kind$|shared$|meta$|is_private$|friend$)|_id$/;

/** The text with every string that is nobody's evidence replaced by one of its own, so that each can be searched for. */
export function withCanaries(text: string): string {
  const json = readJson(text);
  const places: JsonNode[] = [];
  const visit = (node: JsonNode): void => {
    if (node.type === 'string') places.push(node);
    else if (node.type === 'array') node.items.forEach(visit);
    else if (node.type === 'object') node.members.forEach(({ key, value }) => !EVIDENCE.test(key) && visit(value));
  };
  visit(json.root);
  let out = '';
  let at = 0;
  for (const [index, { start, end }] of places.entries()) {
    out += `${text.slice(at, start)}"canary-${index}-"`;
    at = end;
  }
  return out + text.slice(at);
}

/** The canaries in a part of a text. */
export function canariesIn(json: JsonText, { start, end }: Pick<JsonNode, 'start' | 'end'>): string[] {
  return json.text.slice(start, end).match(/canary-\d+-/g) ?? [];
}
