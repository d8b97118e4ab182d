import { ANSWERS } from '../handouts/answers.ts';
import { isInHandouts } from '../handouts/journeys.ts';
import { CAST, type CastMember, relationshipOf, usernameOf, type Viewer, viewersOf } from '../people/cast.ts';
import { isAllowed, POLICY, type Rule } from '../rules/policy.ts';
import type { Region, Stage } from '../rules/stage.ts';
import { oracle, type OracleCell } from './oracle.ts';

export interface ProvableOptions {
  readonly stage: string | Stage;
  /** Usernames of the cast whose credentials are at hand. An anonymous caller always is. */
  readonly identities: readonly string[];
}

/**
 * The reads that can be proven to be violations with the captures and the API description of the handouts, the answers file, and
 * the credentials of `identities`; computed from the policy and the oracle alone. Every other cell is undecided by the answers, out
 * of reach, or no violation. Staff are left out: no answer says what they may see. Throws LP-LAB-STAGE.
 */
export function provableCells({ stage, identities }: ProvableOptions): OracleCell[] {
  const atHand = new Set(identities);
  return oracle({ stage }).filter(
    (cell) =>
      cell.kind === 'read' &&
      cell.verdict === 'violation' &&
      cell.provableWith.length > 0 &&
      cell.provableWith.every((name) => atHand.has(name)) &&
      isInHandouts(cell.operation, cell.channel) &&
      isDecidedAgainst(cell),
  );
}

/** Whether what is known of the class of the field, or an answer, forbids it to the viewer. */
function isDecidedAgainst(cell: OracleCell): boolean {
  const { resource, field } = cell;
  const pair = pairOf(cell);
  if (pair === undefined || pair.viewer.castMember?.role === 'support') return false;
  if (resource === 'User' && BY_NATURE[field] !== undefined) return !isAllowedTo(BY_NATURE[field], pair);
  const answer = ANSWERS.find(
    (each) =>
      each.resource === resource &&
      (each.fields === 'all' ? Object.hasOwn(POLICY[resource].fields, field) : each.fields.includes(field)),
  );
  if (answer === undefined) return false;
  // Whether a caller of the other region counts as a member is not answered.
  if (pair.viewer.region !== pair.region && pair.viewer.castMember && !answer.see.includes('self')) return false;
  const { see, narrow } = answer;
  return !isAllowedTo(narrow ? { see, narrow: { [narrow.state]: narrow.to } } : { see }, pair);
}

/** Decided without an answer, by what the field is. */
const BY_NATURE: Readonly<Record<string, Rule>> = {
  password_hash: { see: [] },
  facebook_access_token: { see: ['self'] },
};

interface CellPair {
  readonly viewer: Viewer;
  readonly owner: CastMember;
  readonly region: Region;
}

/** The people of a cell; undefined if the owner is an organisation. */
function pairOf({ host, viewer: viewerName, owner: ownerName }: OracleCell): CellPair | undefined {
  const region = host.includes('.us.') ? 'us' : 'uk';
  const viewer = viewersOf(region).find(({ name }) => name === viewerName);
  const owner = CAST.find((each) => usernameOf(each, region) === ownerName);
  return viewer && owner && { viewer, owner, region };
}

/** As the policy allows it, but for deleted members, who are not provable anyway. */
const isAllowedTo = (rule: Rule, { viewer, owner, region }: CellPair): boolean =>
  isAllowed(rule, relationshipOf(viewer, owner, region), new Set(owner.states ?? []));
