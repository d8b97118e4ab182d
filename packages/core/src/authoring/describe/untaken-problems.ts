import type { Problem } from '../read/document.ts';
import type { UntakenInput } from './declared-inputs.ts';
import type { ContractDescription } from './read-description.ts';

interface Text {
  readonly message: string;
  readonly fix: string;
}

const TEXTS: Readonly<Record<UntakenInput['type'], Text>> = {
  'open-query': {
    message: 'Query parameters of any name are declared; only those that are listed are allowed',
    fix: 'List the properties in the document, or the names in `query`.',
  },
  'open-members': {
    message: 'A parameter has members that the document does not list; only those that are listed are allowed',
    fix: 'List the properties in the document, or the names in `query`, such as filter[status].',
  },
  'open-body': {
    message: 'A body may have members that the document does not list; only those that are listed are allowed',
    fix: 'List the properties in the document, or the members in `accepts`.',
  },
  'other-body': {
    message: 'A body may be something else than a JSON object; only an object is allowed',
    fix: 'Change the operation to take an object, or leave it out of the contract.',
  },
  'media-type': {
    message: 'A body may be of a media type that is not JSON; only JSON is allowed',
    fix: 'Let clients send JSON, or leave the operation out of the contract.',
  },
  'path-style': {
    message:
      'A path parameter has a style (matrix, label) that a contract does not know; the value is taken with its prefix',
    fix: 'Use the style simple.',
  },
  'header-name': {
    message:
      'A header is declared that is never sent on: it names another method or target, a proxy sets it, or its name has other characters than letters, digits and "-"',
    fix: 'Nothing is to be done if the API works without it; if it does not, leave the operation out of the contract.',
  },
  'caller-name': {
    message: 'A query parameter could be read as the one that names the caller; it is not allowed',
    fix: 'Rename it in the API, or name it in `principal`.',
  },
};

/** One warning for each type, with all operations and the place of the first. */
export function untakenProblems(untaken: readonly UntakenInput[], { where }: ContractDescription): Problem[] {
  const groups = new Map<UntakenInput['type'], UntakenInput[]>();
  for (const each of untaken) groups.set(each.type, [...(groups.get(each.type) ?? []), each]);
  return [...groups].map(([type, all]) => {
    const { message, fix } = TEXTS[type];
    const names = all.map(({ what, operation: { operation, source } }) => {
      const { line } = where(source, operation.provenance.at ?? '');
      return `${operation.name}${what === '' ? '' : ` ("${what}")`}${all.length > 1 && line !== undefined ? ` in line ${line}` : ''}`;
    });
    const [first] = all;
    return {
      severity: 'warning',
      code: type,
      message: `${message}: ${[...new Set(names)].join('; ')}.`,
      where: first ? where(first.operation.source, first.operation.operation.provenance.at ?? '') : {},
      fix,
    };
  });
}
