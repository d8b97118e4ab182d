import type { DataClass } from '../classify/data-class.ts';
import { compareText } from '../evidence/observed-call.ts';
import { callersOf } from '../evidence/views.ts';
import { ANONYMOUS_CALLER } from '../evidence/caller-claims.ts';
import type { FieldDrafted } from '../contract/shapes.ts';
import type { Question } from './draft-types.ts';

const MOST = 7;

interface Topic {
  readonly about: string;
  readonly resource: string;
  readonly class: DataClass | undefined;
  readonly fields: Set<string>;
  readonly labels: Set<string>;
  readonly operations: Set<string>;
  answers: number;
  othersAnswers: number;
}

interface QuestionContext {
  readonly flagsOf: (resource: string) => readonly string[];
  /** Resources that have owners. */
  readonly owned: ReadonlySet<string>;
  /** Operations that refuse a known caller what they give another. */
  readonly refusing: ReadonlySet<string>;
}

/** At most seven questions: one for each resource and class that is undecided, or for a resource as a whole, most worth first. */
export function questionsOf(
  fields: readonly FieldDrafted[],
  { flagsOf, owned, refusing }: QuestionContext,
): Question[] {
  const topics = new Map<string, Topic>();
  for (const each of fields) {
    const { ruling, resource, field, view, isId } = each;
    if (ruling.undecided === undefined || isId || !owned.has(resource)) continue;
    const group = ruling.class?.name
      .split('.')
      .slice(0, ruling.class.name.startsWith('demographic.') ? 2 : 1)
      .join('.');
    const about = group === undefined ? resource : `${resource}.${group}`;
    const topic = topics.get(about) ?? {
      about,
      resource,
      class: ruling.class,
      fields: new Set(),
      labels: new Set(),
      operations: new Set(),
      answers: 0,
      othersAnswers: 0,
    };
    topics.set(about, topic);
    topic.fields.add(field);
    if (ruling.class) topic.labels.add(ruling.class.label);
    for (const place of view) topic.operations.add(place.operation);
    const calls = view.flatMap((place) => [...place.calls]);
    topic.answers += calls.length;
    const callers = callersOf(view);
    topic.othersAnswers += callers.has(ANONYMOUS_CALLER) || callers.size > 1 ? calls.length : 0;
  }
  return [...topics.values()]
    .map((topic) => questionOf(topic, { flags: flagsOf(topic.resource), refusing }))
    .sort((a, b) => b.worth - a.worth || compareText(a.about, b.about))
    .slice(0, MOST);
}

function questionOf(
  topic: Topic,
  { flags, refusing }: { readonly flags: readonly string[]; readonly refusing: ReadonlySet<string> },
): Question {
  const { about, resource, class: found, answers, othersAnswers } = topic;
  const fields = [...topic.fields].sort(compareText);
  const shown = `${fields.slice(0, 6).join(', ')}${fields.length > 6 ? ` and ${fields.length - 6} more` : ''}`;
  const what = found
    ? `the ${[...topic.labels].sort(compareText).join(' and ')} of a ${resource} (${shown})`
    : `the rest of a ${resource} (${shown})`;
  const refused = [...topic.operations].filter((each) => refusing.has(each)).sort(compareText)[0];
  const who = othersAnswers > 0 ? 'Several callers were given it.' : 'One caller was given it.';
  const but = refused === undefined ? '' : ` ${refused} refuses it to others.`;
  const isOwners = refused !== undefined || othersAnswers === 0 || (found !== undefined && found.severity >= 4);
  return {
    about,
    text: `Who may see ${what}? ${who}${but}`,
    fields,
    worth: (answers + othersAnswers) * (found?.severity ?? 1),
    suggestion: isOwners ? 'self' : 'member',
    flags: flags.filter((flag) => /private|public|hid|visib|secret|share/i.test(flag)),
  };
}
