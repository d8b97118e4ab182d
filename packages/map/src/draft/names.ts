import { wordsOf } from '../classify/classify.ts';
import { operationParts } from '../evidence/fold-paths.ts';
import type { Place } from '../evidence/value-tree.ts';

/** Names of members that wrap what is meant. */
const WRAPPERS: ReadonlySet<string> = new Set(
  'data items item results result edges edge node nodes content contents records record list rows row value values payload response hits entries entry page attributes objects object body members collection'.split(
    ' ',
  ),
);
/** Last words of paths that do not say what is returned. */
const WEAK: ReadonlySet<string> = new Set(
  'me self current search find all list latest recent mine details detail info whoami profile overview query lookup api graphql rest login auth session token'.split(
    ' ',
  ),
);

export interface NameVote {
  readonly name: string;
  readonly weight: number;
}

/** What the objects of a place may be called: by the member that they are in, else by the path of the operation. */
export function nameOf({ operation, steps }: Place): NameVote {
  const member = steps.findLast((step) => step !== '*' && !WRAPPERS.has(wordsOf(step)));
  if (member !== undefined) return { name: typeName(member), weight: 2 };
  const segments = operationParts(operation)
    .template.split('/')
    .filter((each) => each !== '');
  const words = segments.filter((each) => !each.includes('{') && !/^v\d+$/.test(each));
  const last = words.at(-1) ?? '';
  const isDetail = segments.at(-1)?.includes('{') === true && segments.at(-2) === last;
  const strong = words.findLast((each) => !WEAK.has(each.toLowerCase()));
  if (WEAK.has(last.toLowerCase()) && strong !== undefined && segments.at(-2)?.includes('{'))
    return { name: `${typeName(strong)}${typeName(last)}`, weight: 0.5 };
  if (WEAK.has(last.toLowerCase())) return { name: typeName(strong ?? last), weight: strong === undefined ? 0.1 : 0.5 };
  return { name: typeName(last), weight: isDetail ? 3 : 1.5 };
}

/** `performance_graphs` → `PerformanceGraph`. */
export function typeName(text: string): string {
  const words = wordsOf(decoded(text)).split(' ').filter(Boolean).slice(0, 5);
  const last = words.length - 1;
  const name = words.map((word, index) => capital(index === last ? singular(word) : word)).join('');
  return /^[A-Za-z]/.test(name) ? name.slice(0, 60) : `Object${name.slice(0, 50)}`;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function singular(word: string): string {
  if (/(?:ss|us|is)$/.test(word) || word.length < 4) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|sses)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
