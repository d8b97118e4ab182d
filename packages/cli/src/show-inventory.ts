import { styleText } from 'node:util';
import type { Inventory, SeenOperation } from '@leakproof/sources';

/** An inventory as text. What could not be read, and what is undeclared, comes first. */
export function showInventory(inventory: Inventory, stream: NodeJS.WritableStream): string {
  const bold = (text: string): string => styleText('bold', text, { stream });
  const lines = [...notRead(inventory, bold), ...undeclared(inventory, bold)];
  for (const { origin, seen, declared } of inventory.hosts) {
    const mark = declared === false ? '  (in no description)' : '';
    lines.push('', `${bold(origin)}  ${seen} exchanges${mark}`);
    const here = inventory.operations.filter((operation) => operation.origin === origin);
    for (const operation of here) lines.push(...showOperation(operation, inventory.described));
  }
  lines.push('', summary(inventory));
  return `${lines.join('\n').replace(/^\n+/, '')}\n`;
}

function notRead({ rejects, limitsReached, preflights }: Inventory, bold: (text: string) => string): readonly string[] {
  const lines = rejects.map(({ code, file, reader, count }) => `  ${count} × ${code}  ${file} (${reader})`);
  if (limitsReached) lines.push('  more paths than the limit: words may have been treated as ids');
  if (preflights > 0) lines.push(`  ${preflights} × CORS preflight request, not an operation`);
  return lines.length > 0 ? [bold('Not read'), ...lines] : [];
}

function undeclared({ described, operations, unseen }: Inventory, bold: (text: string) => string): readonly string[] {
  if (!described) return [];
  const foreign = operations.filter(({ declared }) => declared === undefined);
  const parts = operations.filter(
    ({ undeclared: { query, body, fields } }) => query.length + body.length + fields.length > 0,
  );
  const lines: string[] = [];
  if (foreign.length > 0) {
    lines.push('', bold('In the traffic, in no description'));
    for (const { name, origin, seen, confirmed } of foreign)
      lines.push(`  ${name}  ${origin}  ${seen} ×${confirmed ? '' : '  (not shown to exist)'}`);
  }
  if (parts.length > 0) {
    lines.push('', bold('Declared, with undeclared parameters or fields'));
    for (const { name, undeclared: beyond } of parts) {
      const named = [
        ...beyond.query.map((query) => `?${query}`),
        ...beyond.body.map((pointer) => `body ${pointer}`),
        ...beyond.fields,
      ];
      lines.push(`  ${name}  ${named.slice(0, 8).join(', ')}${named.length > 8 ? `, … ${named.length - 8} more` : ''}`);
    }
  }
  if (unseen.length > 0)
    lines.push(
      '',
      bold(`Declared and not in the traffic: ${unseen.length}`),
      ...unseen.slice(0, 20).map(({ name }) => `  ${name}`),
    );
  if (unseen.length > 20) lines.push(`  … ${unseen.length - 20} more; --json lists them all`);
  return lines;
}

function showOperation(operation: SeenOperation, described: boolean): readonly string[] {
  const { name, path, protocol, seen, callers, admitted, channels, schemes } = operation;
  const mark = described && operation.declared === undefined ? '? ' : '  ';
  const who = (['anonymous', 'credential', 'unknown'] as const)
    .filter((kind) => callers[kind])
    .map((kind) => `${kind} ${admitted[kind] ?? 0}/${callers[kind] ?? 0}`);
  const where = protocol === 'graphql' ? `${name}  at ${path}` : name;
  const channel = Object.keys(channels).filter((one) => one !== 'unknown');
  const about = [`${seen} ×`, `admitted: ${who.join(', ')}`, Object.keys(schemes).join(' '), channel.join(' ')].filter(
    Boolean,
  );
  const takes = [
    ...operation.pathParameters.map((parameter) => `{${parameter.name}} ${Object.keys(parameter.shapes).join('|')}`),
    ...operation.query.map((field) => `?${field.name} ${Object.keys(field.shapes).join('|')}`),
    ...operation.arguments.map((field) => `${field.name} ${Object.keys(field.shapes).join('|')}`),
    ...operation.body.filter((field) => field.name !== '').map((field) => `body ${field.name}`),
  ];
  const lines = [`${mark}${where}`, `      ${about.join('; ')}`];
  if (takes.length > 0)
    lines.push(
      `      takes ${takes.slice(0, 12).join(', ')}${takes.length > 12 ? `, … ${takes.length - 12} more` : ''}`,
    );
  for (const response of operation.responses) {
    const fields = response.fields.filter(
      (field) => field.name !== '' && !field.shapes['object'] && !field.shapes['array'],
    );
    const faults = Object.entries(response.bodyFaults).map(([fault, count]) => `${fault} ${count}`);
    const shown = fields.slice(0, 10).map((field) => `${field.name} ${Object.keys(field.shapes).join('|')}`);
    const more = fields.length > 10 ? `, … ${fields.length - 10} more` : '';
    lines.push(
      `      ${response.status} × ${response.seen}${faults.length > 0 ? ` (body: ${faults.join(', ')})` : ''}${shown.length > 0 ? `: ${shown.join(', ')}${more}` : ''}`,
    );
  }
  return lines;
}

function summary({ exchanges, operations, hosts, described }: Inventory): string {
  const undeclaredCount = operations.filter(({ declared }) => declared === undefined).length;
  const note = described ? `, ${undeclaredCount} of them in no description` : '';
  return `${exchanges} exchanges, ${hosts.length} hosts, ${operations.length} operations${note}.`;
}
