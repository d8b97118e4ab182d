import type { CompiledContract, Operation } from '../../contract/compiled.ts';
import { fillTemplate, parametersOf, partsOf, type TemplateFault } from '../../wire/path-template.ts';
import { decodeSegment, readTarget } from '../../wire/target.ts';
import { isConflict } from '../../wire/template-order.ts';
import type { Compiling } from '../compile/compiling.ts';
import type { SourcePath } from '../read/document.ts';

/** Reports templates whose text cannot be divided into literals and parameters. */
export function checkTemplateSyntax(compiling: Compiling, path: SourcePath, faults: readonly TemplateFault[]): void {
  for (const { type, segment } of faults) {
    switch (type) {
      case 'adjacent':
        compiling.error(
          path,
          `Nothing is between two parameters of "${segment}", so it is not known where the first one ends.`,
          'Write text between them, such as {a},{b}, or one parameter.',
        );
        break;
      case 'brace':
        compiling.error(path, `A brace of "${segment}" has no other half.`, 'Write a parameter as {name}.');
        break;
      case 'unnamed':
        compiling.error(path, `A parameter of "${segment}" has no name.`, 'Write a parameter as {name}.');
        break;
    }
  }
}

/** Reports a template that no request can match. */
export function checkTemplate(compiling: Compiling, { name, method, template }: Operation): void {
  if (!template) return;
  const path = ['operations', name];
  if (method === 'HEAD') compiling.error(path, 'HEAD is answered like GET.', 'Declare the GET.');
  const example = fillTemplate(template, () => 'x');
  if (/[{}]/.test(example)) return;
  const isText = template
    .flatMap(partsOf)
    .every((part) => 'parameter' in part || decodeSegment(part.literal) !== undefined);
  if (typeof readTarget(example) === 'string' || example.includes('?') || !isText)
    compiling.error(
      path,
      'No request that is allowed has this path.',
      'Write it as a client sends it, without "?", "#", ";" and "//"; percent-encode what is not ASCII.',
    );
  const parameters = parametersOf(template);
  const twice = parameters.find((each, index) => parameters.indexOf(each) !== index);
  if (twice !== undefined) compiling.error(path, `The parameter "${twice}" occurs twice in the path.`);
}

/** Two operations of one method and server that match a common path, and neither is more specific. */
export function checkTemplateConflicts(compiling: Compiling, operations: CompiledContract['operations']): void {
  const seen = new Map<string, Operation[]>();
  for (const operation of operations) {
    const { template, method = '', name } = operation;
    if (!template) continue;
    const alike = `${method} ${template.length}`;
    const others = seen.get(alike) ?? [];
    seen.set(alike, others);
    const other = others.find((each) => haveCommonServer(each, operation) && isConflict(each.template ?? [], template));
    if (other)
      compiling.error(
        ['operations', name],
        `Matches the same requests as "${other.name}".`,
        'Take one of them out, or write more text in one of them.',
      );
    others.push(operation);
  }
}

function haveCommonServer({ servers: a }: Operation, { servers: b }: Operation): boolean {
  return !a || !b || a.some((each) => b.includes(each));
}
