import type { CompiledContract } from '@leakproof/core';
import type { Baseline } from '../evidence/baseline.ts';
import { joinedValues } from '../evidence/envelopes.ts';
import type { Finding } from '../findings/finding.ts';
import { type OwnInput, symbolsBySlot } from '../harvest/own-input.ts';
import type { BuiltCell } from '../ladder/build-cells.ts';
import { type Cell, cellKey, fieldLocationKey } from '../ladder/cell.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import { digestOf, makeDigest } from './digest.ts';
import type { Proof, ProofEntry } from './proof.ts';

export interface ProofContext {
  readonly contract: CompiledContract;
  readonly findings: readonly Finding[];
  readonly cells: readonly Cell[];
  readonly built: readonly BuiltCell[];
  readonly ownInputs: readonly OwnInput[];
  readonly baseline: Baseline;
}

interface ProofParts {
  /** By `Resource.field`. */
  readonly cells: ReadonlyMap<string, readonly Cell[]>;
  /** By cell key. */
  readonly built: ReadonlyMap<string, BuiltCell>;
  readonly ownInputs: readonly OwnInput[];
  readonly baseline: Baseline;
  /** Of the contract. */
  readonly digest: string;
}

/** A proof for every proven finding. */
export function makeProofs({ contract, findings, ownInputs, baseline, ...scanned }: ProofContext): Proof[] {
  const built = new Map(scanned.built.map((each) => [cellKey(each.cell), each]));
  const parts = { cells: byField(scanned.cells), built, ownInputs, baseline, digest: digestOf(contract) };
  return findings.filter(({ verdict }) => verdict === 'proven').map((finding) => proofOf(finding, parts));
}

function proofOf(finding: Finding, parts: ProofParts): Proof {
  const { id, check, severity, statement, protocol, operation, relation, servers, fields, records, attackers, owners } =
    finding;
  const { ownInputs } = parts;
  const digest = makeDigest();
  const ladder = ladderOf(finding, parts);
  const proven = finding.cells.flatMap((cell) => parts.built.get(cellKey(cell)) ?? []);
  return {
    'leakproof-proof': 1,
    contract: parts.digest,
    finding: {
      id,
      check,
      severity,
      statement,
      protocol,
      operation,
      relation,
      servers: [...servers],
      fields: [...fields],
      records: [...records],
      attackers: [...attackers],
      owners: [...owners],
    },
    needs: operationsNeededBy(new Set(ladder.map((entry) => entry.operation)), ownInputs),
    requests: requestsOf(proven, ownInputs),
    inputs: inputsOf(ladder, ownInputs),
    assertions: proven.map(({ cell, values }) => ({
      attacker: cell.attacker,
      owner: cell.owner,
      server: cell.server,
      at: cell.at,
      field: cell.field,
      value: digest(joinedValues(values)),
    })),
    ladder,
  };
}

/** Every cell of the same data of the same owners, on every operation that returns it, grouped by location. */
function ladderOf({ fields, owners }: Finding, { cells, baseline }: ProofParts): ProofEntry[] {
  const sameData = new Set(fields.flatMap((field) => baseline.sameValueFields(field)));
  const wanted = new Set(owners);
  const entries = new Map<string, ProofEntry>();
  for (const cell of [...sameData].sort().flatMap((field) => cells.get(field) ?? [])) {
    const { server, protocol, operation, at, resource, field, owner, attacker, verdict } = cell;
    if (!wanted.has(owner) || cell.inPassing) continue;
    const key = `${fieldLocationKey(cell)} ${owner}`;
    let entry = entries.get(key);
    if (!entry) {
      entry = { server, protocol, operation, at, resource, field, owner, verdicts: {} };
      entries.set(key, entry);
    }
    (entry.verdicts[verdict] ??= []).push(attacker);
  }
  return [...entries.values()];
}

function byField(cells: readonly Cell[]): ReadonlyMap<string, readonly Cell[]> {
  const fields = new Map<string, Cell[]>();
  for (const cell of cells) {
    const field = `${cell.resource}.${cell.field}`;
    const found = fields.get(field);
    if (found) found.push(cell);
    else fields.set(field, [cell]);
  }
  return fields;
}

function requestsOf(proven: readonly BuiltCell[], ownInputs: readonly OwnInput[]): Proof['requests'] {
  const requests = new Map<string, Proof['requests'][number]>();
  const add = (as: string, request: PlannedRequest, symbols: readonly string[]): void => {
    const entry = { as, ...inputOf(request, symbols) };
    requests.set(JSON.stringify(entry), entry);
  };
  for (const { cell, requests: sent } of proven) {
    for (const request of sent) {
      const own = ownInputs.find((each) => each.request.key === request.key);
      if (!own) continue;
      add(own.owner.name, request, own.symbols);
      add(cell.attacker, request, own.symbols);
    }
  }
  return [...requests.values()];
}

function inputsOf(ladder: readonly ProofEntry[], ownInputs: readonly OwnInput[]): Proof['inputs'] {
  const operations = new Set(
    ladder.map(({ server, protocol, operation, owner }) => `${server} ${protocol} ${operation} ${owner}`),
  );
  return ownInputs
    .filter(({ owner, request }) => operations.has(`${request.operation.key} ${owner.name}`))
    .map(({ owner, request, symbols }) => ({ owner: owner.name, ...inputOf(request, symbols) }));
}

function inputOf(request: PlannedRequest, symbols: readonly string[]): Omit<Proof['requests'][number], 'as'> {
  const { server, protocol, declared } = request.operation;
  return { server: server.name, protocol, operation: declared.name, input: symbolsBySlot(request, symbols) };
}

/** The operations whose responses contain the values of the inputs of `operations`, and so on for their own inputs. */
function operationsNeededBy(operations: ReadonlySet<string>, ownInputs: readonly OwnInput[]): string[] {
  const needed = new Set(operations);
  for (let before = -1; before !== needed.size;) {
    before = needed.size;
    for (const { request, needs } of ownInputs) {
      if (needed.has(request.operation.declared.name)) for (const each of needs) needed.add(each);
    }
  }
  return [...needed].filter((each) => !operations.has(each)).sort();
}
