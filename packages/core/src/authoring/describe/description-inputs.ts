import type { Operation, Server } from '../../contract/compiled.ts';
import { foldedName } from '../../request/check-parameters.ts';
import type { Compiling } from '../compile/compiling.ts';
import type { OperationSource } from '../read/source.ts';
import { type DeclaredInputs, declaredInputs, type UntakenInput } from './declared-inputs.ts';
import { type ContractOperation, type DescriptionJoin, joinDescription } from './join-description.ts';
import { type ContractDescription, readContractDescription } from './read-description.ts';
import { untakenProblems } from './untaken-problems.ts';

/** What `api.openapi` declares, for the operations of a contract. */
export class DescriptionInputs {
  readonly #compiling: Compiling;
  readonly #description: ContractDescription | undefined;
  readonly #join: DescriptionJoin;
  readonly #untaken: UntakenInput[] = [];

  constructor(compiling: Compiling, servers: readonly Server[]) {
    this.#compiling = compiling;
    const { openapi } = compiling.source.api;
    this.#description =
      openapi === undefined ? undefined : readContractDescription(openapi, compiling.main, compiling.read);
    this.#join = joinDescription(this.#description?.operations ?? [], servers);
  }

  /** The inputs of one operation; undefined if it is not described. */
  of(operation: ContractOperation, source: OperationSource): DeclaredInputs | undefined {
    const described = this.#description ? this.#join.of(operation) : [];
    if (described.length === 0) return undefined;
    const { inputs, untaken } = declaredInputs(described);
    const callers = (source.principal ?? []).flatMap((key) => /^query\.([^?]+)\??$/.exec(key)?.[1] ?? []);
    const isOfCaller = (name: string): boolean =>
      !callers.includes(name) && callers.some((caller) => foldedName(caller) === foldedName(name));
    const refused = inputs.query.filter(({ name }) => isOfCaller(name));
    const [first] = described;
    for (const { name } of first ? refused : []) {
      if (first) this.#untaken.push({ type: 'caller-name', what: name, operation: first });
    }
    this.#untaken.push(...untaken.filter((each) => !isDeclaredIn(each, source)));
    return { ...inputs, query: inputs.query.filter(({ name }) => !isOfCaller(name)) };
  }

  /**
   * Adds what of the description is not read or not taken, and the differences between it and the contract. Returns the described
   * operations that the contract lacks; undefined without a description.
   */
  finish(operations: readonly Operation[]): readonly string[] | undefined {
    const description = this.#description;
    if (!description) return undefined;
    const { problems } = this.#compiling;
    problems.push(...description.problems(), ...untakenProblems(this.#untaken, description));
    const lacking = this.#join.undeclared();
    // A document that could not be read declares nothing, which is no difference.
    const isRead = !problems.some(({ severity, where }) => severity === 'error' && where.file === description.file);
    if (isRead) this.#compare(lacking, operations);
    return lacking;
  }

  #compare(lacking: readonly string[], operations: readonly Operation[]): void {
    const isOpen = this.#compiling.source.undeclared?.operations === 'pass';
    if (lacking.length > 0)
      this.#compiling.warnWithCode(['api', 'openapi'], {
        code: 'operation-undeclared',
        message: `${counted(lacking.length, 'operation')} of api.openapi ${lacking.length === 1 ? 'is' : 'are'} in no operation of the contract: ${grouped(lacking)}.`,
        fix: isOpen
          ? 'Requests for them pass and are not judged. Declare those that return data of somebody.'
          : 'Requests for them are refused. Declare those that clients need.',
      });
    const undescribed = this.#join.undescribed();
    if (undescribed.length === 0) return;
    const names = undescribed.map(({ name, similar }) =>
      similar === undefined ? name : `${name} (similar: ${similar})`,
    );
    const all = undescribed.length === operations.filter(({ protocol }) => protocol === 'rest').length;
    this.#compiling.warnWithCode(['api', 'openapi'], {
      code: 'operation-undescribed',
      message: `${counted(undescribed.length, 'operation')} of the contract ${undescribed.length === 1 ? 'is' : 'are'} not in api.openapi: ${names.join('; ')}.`,
      fix: all
        ? 'Compare the base paths: `rest` of the servers of the contract, and `servers` (or `basePath`) of the document.'
        : 'Correct the path, or add the operation to the document.',
    });
  }
}

/** True if the contract itself lists what the description leaves open. */
function isDeclaredIn({ type, what }: UntakenInput, source: OperationSource): boolean {
  switch (type) {
    case 'open-members':
      return (source.query ?? []).some((name) => name.startsWith(`${what}[`));
    case 'open-query':
      return source.query !== undefined;
    case 'open-body':
      return source.accepts !== undefined;
    default:
      return false;
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `GET, PUT /users/{id}; POST /users`. */
function grouped(names: readonly string[]): string {
  const byPath = new Map<string, string[]>();
  for (const name of names) {
    const at = name.indexOf(' ');
    byPath.set(name.slice(at + 1), [...(byPath.get(name.slice(at + 1)) ?? []), name.slice(0, at)]);
  }
  return [...byPath].map(([path, methods]) => `${methods.join(', ')} ${path}`).join('; ');
}
