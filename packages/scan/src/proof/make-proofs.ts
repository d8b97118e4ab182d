import type { CompiledContract } from '@leakproof/core';
import type { Finding } from '../findings/finding.ts';
import type { OwnInput } from '../harvest/bindings.ts';
import type { Baseline } from '../evidence/baseline.ts';
import type { BuiltCell } from '../ladder/build-cells.ts';
import { type Cell, cellKey, fieldLocationKey } from '../ladder/cell.ts';
import { joinedValues } from '../ladder/envelopes.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import { digestOf, makeDigest } from './digest.ts';
import type { Proof, ProofEntry } from './proof.ts';

export interface ProofContext {
  readonly contract: CompiledContract;
  readonly findings: readonly Finding[];
  readonly cells: readonly Cell[];
  readonly built: readonly BuiltCell[];
  readonly bindings: readonly OwnInput[];
  readonly baseline: Baseline;
}

type LadderRoom = Omit<ProofContext, 'cells' | 'built'> & {
  /** By `Resource.field`. */
  readonly cells: ReadonlyMap<string, readonly Cell[]>;
  readonly built: ReadonlyMap<string, BuiltCell>;
  readonly digest: string;
};

/** A proof for every proven finding. */
export function makeProofs(room: ProofContext): Proof[] {
  const built = new Map(room.built.map((each) => [cellKey(each.cell), each]));
  const ladder = { ...room, cells: byField(room.cells), built, digest: digestOf(room.contract) };
  return room.findings.filter(({ verdict }) => verdict === 'proven').map((finding) => proofOf(finding, ladder));
}

function proofOf(finding: Finding, room: LadderRoom): Proof {
  const { id, check, severity, statement, protocol, operation, relation, servers, fields, attackers, owners } = finding;
  const digest = makeDigest();
  const ladder = ladderOf(finding, room);
  const parts = finding.cells.flatMap((cell) => room.built.get(cellKey(cell)) ?? []);
  return {
    'leakproof-proof': 1,
    contract: room.digest,
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
      attackers: [...attackers],
      owners: [...owners],
    },
    needs: neededBy(new Set(ladder.map((rung) => rung.operation)), room.bindings),
    requests: requestsOf(parts, room.bindings),
    inputs: inputsOf(ladder, room.bindings),
    assertions: parts.map(({ cell, texts }) => ({
      attacker: cell.attacker,
      owner: cell.owner,
      server: cell.server,
      at: cell.at,
      field: cell.field,
      value: digest(joinedValues(texts)),
    })),
    ladder,
  };
}

/** Every cell of the same data of the same owners, by whichever door, gathered by place. */
function ladderOf({ fields, owners }: Finding, { cells, baseline }: LadderRoom): ProofEntry[] {
  const kin = new Set(fields.flatMap((field) => baseline.kinOf(field)));
  const wanted = new Set(owners);
  const rungs = new Map<
    string,
    { readonly rung: Omit<ProofEntry, 'verdicts'>; readonly verdicts: ProofEntry['verdicts'] }
  >();
  for (const cell of [...kin].sort().flatMap((field) => cells.get(field) ?? [])) {
    const { server, protocol, operation, at, resource, field, owner, attacker, verdict } = cell;
    if (!wanted.has(owner) || cell.inPassing) continue;
    const key = `${fieldLocationKey(cell)} ${owner}`;
    let found = rungs.get(key);
    if (!found) {
      found = { rung: { server, protocol, operation, at, resource, field, owner }, verdicts: {} };
      rungs.set(key, found);
    }
    (found.verdicts[verdict] ??= []).push(attacker);
  }
  return [...rungs.values()].map(({ rung, verdicts }) => ({ ...rung, verdicts }));
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

function requestsOf(parts: readonly BuiltCell[], bindings: readonly OwnInput[]): Proof['requests'] {
  const requests = new Map<string, Proof['requests'][number]>();
  const add = (as: string, ask: PlannedRequest, symbols: readonly string[]): void => {
    const request = { as, ...inputOf(ask, symbols) };
    requests.set(JSON.stringify(request), request);
  };
  for (const { cell, proofs } of parts) {
    for (const ask of proofs) {
      const binding = bindings.find((each) => each.ask.key === ask.key);
      if (!binding) continue;
      add(binding.owner.name, ask, binding.symbols);
      add(cell.attacker, ask, binding.symbols);
    }
  }
  return [...requests.values()];
}

function inputsOf(ladder: readonly ProofEntry[], bindings: readonly OwnInput[]): Proof['inputs'] {
  const endpoints = new Set(
    ladder.map(({ server, protocol, operation, owner }) => `${server} ${protocol} ${operation} ${owner}`),
  );
  return bindings
    .filter(({ owner, ask }) => endpoints.has(`${ask.endpoint.key} ${owner.name}`))
    .map(({ owner, ask, symbols }) => ({ owner: owner.name, ...inputOf(ask, symbols) }));
}

function inputOf(
  { endpoint, recipe }: PlannedRequest,
  symbols: readonly string[],
): Omit<Proof['requests'][number], 'as'> {
  const { server, protocol, operation } = endpoint;
  const input = Object.fromEntries(recipe.map((slot, index) => [slot.name, symbols[index] ?? '']));
  return { server: server.name, protocol, operation: operation.name, input };
}

/** Operations without which the inputs of `operations` are not found, those of the inputs' own inputs included. */
function neededBy(operations: ReadonlySet<string>, bindings: readonly OwnInput[]): string[] {
  const needed = new Set(operations);
  for (let before = -1; before !== needed.size;) {
    before = needed.size;
    for (const { ask, needs } of bindings) {
      if (needed.has(ask.endpoint.operation.name)) for (const each of needs) needed.add(each);
    }
  }
  return [...needed].filter((each) => !operations.has(each)).sort();
}
