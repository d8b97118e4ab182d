import type { CompiledContract, Where } from '@leakproof/core';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { checkNames, invalid } from './check-names.ts';
import { IdentitiesSource } from './identities-source.ts';

const MAX_ALIASES = 100;

/**
 * Reads an identities file (YAML or JSON) and checks its names against the contract. `file` is only used in messages.
 * Throws LP-IDENTITIES-INVALID with the position of the first error; no value of the file is quoted.
 */
export function readIdentities(text: string, contract: CompiledContract, file?: string): IdentitiesSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true, version: '1.2' });
  const at = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [fault] = document.errors;
  if (fault) throw invalid(firstLine(fault.message), at(fault.pos[0]));
  const whereIs = (path: readonly PropertyKey[]): Where => {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return at(node.range[0]);
    }
    return at(0);
  };
  const parsed = IdentitiesSource.safeParse(valueOf(document, at(0)));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    throw invalid(`${path.map(String).join('.') || 'The file'}: ${issue?.message ?? 'not valid'}`, whereIs(path));
  }
  checkNames(parsed.data, contract, whereIs);
  return parsed.data;
}

/** YAML throws for an alias without an anchor, and for aliases that expand beyond the limit. */
function valueOf(document: Document, where: Where): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return value;
  } catch (error) {
    throw invalid(error instanceof Error ? firstLine(error.message) : 'It is not YAML.', where);
  }
}

const firstLine = (message: string): string => message.split('\n', 1)[0]?.replace(/ at line \d+.*$/, '') ?? message;
