import type { CompiledContract } from '../../contract/compiled.ts';

/** A rule that nobody has decided yet. */
export interface UndecidedRule {
  /** `User.weight`, or an operation. */
  readonly at: string;
  readonly why: string;
}

/** The undecided rules of a contract: fields in the order of the contract, then operations. */
export function undecidedRules({ resources, operations }: CompiledContract): UndecidedRule[] {
  const fields = Object.values(resources).flatMap((resource) =>
    Object.entries(resource.fields).flatMap(([field, { undecided: why }]) =>
      why === undefined ? [] : [{ at: `${resource.name.replace(/^container:/, '')}.${field}`, why }],
    ),
  );
  return [...fields, ...operations.flatMap(({ name: at, undecided: why }) => (why === undefined ? [] : [{ at, why }]))];
}
