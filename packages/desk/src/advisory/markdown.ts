import { type Advisory, summaryOf } from './advisory.ts';

/** The advisory for people. */
export function markdownOf(advisory: Advisory): string {
  const { id, title, publisher, reportedAt, publishedAt, severity, counts, cwe, credits, isFixed } = advisory;
  const rows = [
    ['Product', publisher.product],
    ['Reported', reportedAt.slice(0, 10)],
    [advisory.isPublished ? 'Published' : 'Draft of', publishedAt.slice(0, 10)],
    ['State', isFixed ? 'fixed on every server, and retested' : 'not fixed'],
    [
      'Exposed people × class',
      counts
        ? `${counts.people} × ${counts.classes.join(', ')} (${counts.grade}${counts.isComplete ? '' : '; a lower bound'})`
        : 'not counted',
    ],
    ['CVSS 4.0', severity ? `${severity.score} (${severity.vector})` : 'not scored'],
    ['Weakness', `${cwe.id} ${cwe.name}`],
    ['Credit', credits.length > 0 ? credits.join(', ') : 'the reporter asked for none'],
  ];
  const table = rows.map(([name = '', value = '']) => `| ${escape(name)} | ${escape(value)} |`);
  return `# ${escape(id)}: ${escape(title)}\n\n${escape(summaryOf(advisory))}\n\n| | |\n|---|---|\n${table.join('\n')}\n\nContact: ${escape(publisher.contact)}\n`;
}

const escape = (text: string): string =>
  text.replaceAll(/[\\`*_{}[\]<>()#+!|~]/g, (each) => `\\${each}`).replaceAll(/\s+/g, ' ');
