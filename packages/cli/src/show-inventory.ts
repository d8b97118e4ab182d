import type { Inventory, SeenOperation } from '@leakproof/sources';
import { showDeclared } from './show-declared.ts';
import type { Shown } from './shown.ts';

/** An inventory as text. What could not be read comes first, then what is undeclared, then what descriptions declare. */
export function showInventory(inventory: Inventory, shown: Shown): string {
  const { bold } = shown;
  const lines = [...notRead(inventory, bold), ...undeclared(inventory, shown), ...showDeclared(inventory, shown)];
  for (const { origin, seen, declared } of inventory.hosts) {
    const mark = declared === false ? '  (in no description)' : '';
    lines.push('', `${bold(origin)}  ${seen} exchanges${mark}`);
    const here = inventory.operations.filter((operation) => operation.origin === origin);
    for (const operation of here) lines.push(...showOperation(operation, inventory.described, shown));
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

function undeclared({ described, operations }: Inventory, { bold, list }: Shown): readonly string[] {
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
      lines.push(`  ${name}  ${list(8, named)}`);
    }
  }
  return lines;
}

function showOperation(operation: SeenOperation, described: boolean, { list }: Shown): readonly string[] {
  const { name, path, protocol, seen, channels, schemes } = operation;
  const mark = described && operation.declared === undefined ? '? ' : '  ';
  const where = protocol === 'graphql' ? `${name}  at ${path}` : name;
  const channel = Object.keys(channels).filter((one) => one !== 'unknown');
  const about = [`${seen} ×`, ...admission(operation), Object.keys(schemes).join(' '), channel.join(' ')].filter(
    Boolean,
  );
  const takes = [
    ...operation.pathParameters.map((parameter) => `{${parameter.name}} ${Object.keys(parameter.shapes).join('|')}`),
    ...operation.query.map((field) => `?${field.name} ${Object.keys(field.shapes).join('|')}`),
    ...operation.arguments.map((field) => `${field.name} ${Object.keys(field.shapes).join('|')}`),
    ...operation.body.filter((field) => field.name !== '').map((field) => `body ${field.name}`),
  ];
  const lines = [`${mark}${where}`, `      ${about.join('; ')}`];
  if (takes.length > 0) lines.push(`      takes ${list(12, takes)}`);
  const requestFaults = Object.entries(operation.requestFaults).map(([fault, count]) => `${fault} ${count}`);
  if (requestFaults.length > 0) lines.push(`      request body: ${requestFaults.join(', ')}`);
  for (const response of operation.responses) {
    const fields = response.fields.filter(
      (field) => field.name !== '' && !field.shapes['object'] && !field.shapes['array'],
    );
    const faults = Object.entries(response.bodyFaults).map(([fault, count]) => `${fault} ${count}`);
    const named = fields.map((field) => `${field.name} ${Object.keys(field.shapes).join('|')}`);
    lines.push(
      `      ${response.status} × ${response.seen}${faults.length > 0 ? ` (body: ${faults.join(', ')})` : ''}${named.length > 0 ? `: ${list(10, named)}` : ''}`,
    );
  }
  return lines;
}

const CALLERS = ['anonymous', 'credential', 'unknown'] as const;

/** `admitted: anonymous 1/2` of the requests with a response, and `not answered: 3` of the others. */
function admission({ callers, answered, admitted }: SeenOperation): readonly string[] {
  const who = CALLERS.filter((kind) => answered[kind]).map(
    (kind) => `${kind} ${admitted[kind] ?? 0}/${answered[kind] ?? 0}`,
  );
  const silent = CALLERS.reduce((sum, kind) => sum + (callers[kind] ?? 0) - (answered[kind] ?? 0), 0);
  return [
    ...(who.length > 0 ? [`admitted: ${who.join(', ')}`] : []),
    ...(silent > 0 ? [`not answered: ${silent}`] : []),
  ];
}

function summary({ exchanges, operations, hosts, described, declared: all }: Inventory): string {
  if (exchanges === 0 && all.length > 0) return `${all.length} declared operations, no traffic.`;
  const undeclaredCount = operations.filter(({ declared }) => declared === undefined).length;
  const note = described ? `, ${undeclaredCount} of them in no description` : '';
  return `${exchanges} exchanges, ${hosts.length} hosts, ${operations.length} operations${note}.`;
}
