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
  answers: number;
  othersAnswers: number;
}

/** At most seven questions: one for each resource and class that is undecided, or for a resource as a whole, most worth first. */
export function questionsOf(
  fields: readonly FieldDrafted[],
  {
    flagsOf,
    owned,
  }: { readonly flagsOf: (resource: string) => readonly string[]; readonly owned: ReadonlySet<string> },
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
      answers: 0,
      othersAnswers: 0,
    };
    topics.set(about, topic);
    topic.fields.add(field);
    const calls = view.flatMap((place) => [...place.calls]);
    topic.answers += calls.length;
    const callers = callersOf(view);
    topic.othersAnswers += callers.has(ANONYMOUS_CALLER) || callers.size > 1 ? calls.length : 0;
  }
  return [...topics.values()]
    .map((topic) => questionOf(topic, flagsOf(topic.resource)))
    .sort((a, b) => b.worth - a.worth || compareText(a.about, b.about))
    .slice(0, MOST);
}

function questionOf(topic: Topic, flags: readonly string[]): Question {
  const { about, resource, class: found, answers, othersAnswers } = topic;
  const fields = [...topic.fields].sort(compareText);
  const shown = `${fields.slice(0, 6).join(', ')}${fields.length > 6 ? ` and ${fields.length - 6} more` : ''}`;
  const what = found ? `the ${found.label} of a ${resource} (${shown})` : `the rest of a ${resource} (${shown})`;
  const who = othersAnswers > 0 ? 'Others than its owner were given it.' : 'Only one caller was given it.';
  return {
    about,
    text: `Who may see ${what}? ${who}`,
    fields,
    worth: (answers + othersAnswers) * (found?.severity ?? 1),
    suggestion: found && found.severity >= 4 ? 'self' : othersAnswers === 0 ? 'self' : 'member',
    flags: flags.filter((flag) => /private|public|hid|visib|secret|share/i.test(flag)),
  };
}
