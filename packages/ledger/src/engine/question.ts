import type { FilterName } from '../account.ts';
import { joinNames } from '../columns/schema.ts';
import { token64 } from '../columns/token64.ts';
import { literal } from './duck.ts';

/** What an account is limited to; a record must match all of it. Tokens as the log or an account prints them. */
export interface Question {
  /** Token of the principal, or a kind, such as `anonymous`. */
  readonly principal?: string | undefined;
  /** `User.age`, or `age` for every resource; one of them must match. */
  readonly fields?: readonly string[] | undefined;
  readonly operation?: string | undefined;
  readonly server?: string | undefined;
  /** A relation that the principal had. */
  readonly relation?: string | undefined;
  /** Token of the owner. */
  readonly owner?: string | undefined;
  /** Inclusive. */
  readonly sinceMs?: number | undefined;
  /** Exclusive. */
  readonly untilMs?: number | undefined;
  /** Tokens of principals whose records are left out. */
  readonly without?: readonly string[] | undefined;
  /** How many principals are listed. Default 100. */
  readonly top?: number | undefined;
}

/** Whether the list of names in a column has a name. */
export function has(column: string, name: string): string {
  return `contains(',' || "${column}" || ',', ${literal(`,${joinNames([name])},`)})`;
}

/** Whether the column of names has one of the fields that are asked for. */
export function hasField(column: 'seen' | 'exposed' | 'withheld', fields: readonly string[] | undefined): string {
  if (fields === undefined) return `"${column}" <> ''`;
  return `(${fields.map((field) => alternatives(field, (name) => has(column, name))).join(' or ')})`;
}

/** Whether one field, in the column `field`, is one of those that are asked for. */
export function isField(fields: readonly string[] | undefined): string {
  if (fields === undefined) return 'true';
  return `(${fields.map((field) => alternatives(field, (name) => `field = ${literal(joinNames([name]))}`)).join(' or ')})`;
}

/** `User.age` is the field `age` of `User`, or a field named `User.age` of any resource. */
function alternatives(field: string, test: (name: string) => string): string {
  const tests = [test(field)];
  for (let dot = field.indexOf('.'); dot > 0; dot = field.indexOf('.', dot + 1))
    tests.push(`(resource = ${literal(field.slice(0, dot))} and ${test(field.slice(dot + 1))})`);
  return `(${tests.join(' or ')})`;
}

export function released(question: Question): string {
  return `(${hasField('seen', question.fields)} or ${hasField('exposed', question.fields)})`;
}

/** Conditions on columns that facts and events both have. */
export function onRecord(question: Question): readonly string[] {
  const { operation, server, sinceMs, untilMs, without } = question;
  const conditions: string[] = [];
  if (sinceMs !== undefined) conditions.push(`ts >= make_timestamptz(${Math.round(sinceMs * 1000)})`);
  if (untilMs !== undefined) conditions.push(`ts < make_timestamptz(${Math.round(untilMs * 1000)})`);
  if (question.principal !== undefined) conditions.push(onPrincipal(question.principal));
  if (operation !== undefined) conditions.push(onOperation(operation));
  if (server !== undefined) conditions.push(`"server" = ${literal(server)}`);
  if (without !== undefined && without.length > 0)
    conditions.push(`(principal is null or principal not in (${without.map(token64).join(', ')}))`);
  return conditions;
}

export function onFacts(question: Question): readonly string[] {
  const { fields, relation, owner } = question;
  const conditions = [...onRecord(question)];
  if (fields !== undefined) conditions.push(`(${released(question)} or ${hasField('withheld', fields)})`);
  if (relation !== undefined) conditions.push(has('relations', relation));
  if (owner !== undefined) conditions.push(`owner = ${token64(owner)}`);
  return conditions;
}

/** A filter alone, at whatever time; undefined for one that is not set. */
export function onOneFilter(question: Question, name: FilterName): string | undefined {
  const { principal, fields, operation, server } = question;
  if (name === 'principal')
    return principal === undefined || principal === 'anonymous' ? undefined : onPrincipal(principal);
  if (name === 'operation') return operation === undefined ? undefined : onOperation(operation);
  if (name === 'server') return server === undefined ? undefined : `"server" = ${literal(server)}`;
  if (fields === undefined) return undefined;
  return `(${(['seen', 'exposed', 'withheld'] as const).map((column) => hasField(column, fields)).join(' or ')})`;
}

/** Callers without a token are asked for by their kind. */
function onPrincipal(principal: string): string {
  const isToken = /^([0-9a-f]{16}|[\w-]{22})$/.test(principal);
  if (isToken) return `principal = ${token64(principal)}`;
  return `(principal = ${token64(principal)} or (principal is null and principal_kind = ${literal(principal)}))`;
}

/** The record of a GraphQL request names all its operations. */
function onOperation(operation: string): string {
  return `("operation" = ${literal(operation)} or contains(',' || "operation" || ',', ${literal(`,${operation},`)}))`;
}

export function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}
