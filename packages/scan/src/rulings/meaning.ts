import {
  admit,
  type Because,
  type Claim,
  type CompiledContract,
  judge,
  type Known,
  ownerKey,
  type Principal,
  type Ruling,
  type Truth,
} from '@leakproof/core';
import type { PlannedRequest } from '../plan/make-request.ts';
import { requestView } from '../plan/request-template.ts';
import type { SeenObject } from '../reading/seen-object.ts';
import { widestContract } from './widest-contract.ts';
import type { KnownRelations } from './known-relations.ts';
import type { OperationOwners } from './operation-owners.ts';

/** Whether the contract allows one caller one field of one object, by all that is known. */
export interface Meaning {
  readonly type: 'allowed' | 'forbidden' | 'unknown';
  /** Names of the relations and states that would decide it, sorted. */
  readonly asks: readonly string[];
  /** Why a rule that it depends on is undecided. */
  readonly undecided?: string;
}

/** Why a field is forbidden. */
export interface ForbiddenReason {
  readonly because: Because;
  /** The caller is allowed another field of the object. */
  readonly objectAllowed: boolean;
  /** It would be allowed if no state of the owner held. */
  readonly byState: boolean;
}

/** One question to the contract. */
export interface Question {
  /** As the contract takes the caller at this server (`principalForServer`). */
  readonly principal: Principal;
  readonly request: PlannedRequest;
  readonly object: SeenObject;
  /** Index into the fields of the sighting. */
  readonly fieldIndex: number;
}

/** Which objects that contain an object must be allowed too. */
type CountsContainer = (container: SeenObject, object: SeenObject) => boolean;

/** How unknown claims are taken: for the caller, against it, or as `strict` with no state holding. */
type Assumption = 'generous' | 'strict' | 'stateless';

/**
 * What the contract means, always by `admit` and `judge` of the core, by what the scan knows and not by the response that is judged. If the generous and the strict assumption give different
 * answers, the meaning is unknown.
 */
export class Meanings {
  readonly #contract: CompiledContract;
  /** Everything undecided is for anyone. */
  readonly #widest: CompiledContract;
  readonly #relations: KnownRelations;
  readonly #rulings = new WeakMap<SeenObject, Map<string, Ruling>>();
  readonly #admitted = new Map<string, boolean>();
  readonly #owners: OperationOwners;

  constructor(contract: CompiledContract, relations: KnownRelations, owners: OperationOwners) {
    this.#contract = contract;
    this.#widest = widestContract(contract);
    this.#relations = relations;
    this.#owners = owners;
  }

  meaningOf(question: Question): Meaning {
    return this.#meaning(question, isOwnContainer);
  }

  /**
   * The same, with every object that contains it: a list of another owner that is withheld takes the objects in it along, which
   * is no loss for their own owners.
   */
  meaningOfPath(question: Question): Meaning {
    return this.#meaning(question, () => true);
  }

  /** Whether the contract lets the caller know that an object exists. */
  visibilityOf(principal: Principal, object: SeenObject): Meaning['type'] {
    const isVisible = (assumption: Assumption): boolean => this.#ruling({ principal }, object, assumption).visible;
    if (isVisible('strict')) return 'allowed';
    return isVisible('generous') ? 'unknown' : 'forbidden';
  }

  reasonFor(question: Question): ForbiddenReason {
    const ruling = this.#ruling(question, question.object, 'strict');
    return {
      because: this.#because(question),
      objectAllowed:
        this.#isAdmitted(question, 'strict', isOwnContainer) && ruling.visible && ruling.allowed.length > 0,
      byState: this.#allows(question, 'stateless', isOwnContainer),
    };
  }

  #meaning(question: Question, counts: CountsContainer): Meaning {
    const strict = this.#allows(question, 'strict', counts);
    const own = this.#undecidedField(question.object.sighting, question.fieldIndex);
    if (!strict && own !== undefined) return { type: 'unknown', asks: this.#asks(question), undecided: own };
    const generous = strict || this.#allows(question, 'generous', counts);
    if (strict || !generous) return { type: strict ? 'allowed' : 'forbidden', asks: [] };
    const undecided = this.#undecided(question);
    return { type: 'unknown', asks: this.#asks(question), ...(undecided === undefined ? {} : { undecided }) };
  }

  #allows(question: Question, assumption: Assumption, counts: CountsContainer): boolean {
    const { object, fieldIndex } = question;
    if (!this.#isAdmitted(question, assumption, counts)) return false;
    if (this.#ruling(question, object, assumption).forbidden.has(fieldIndex)) return false;
    for (let { within } = object; within; { within } = within.object) {
      if (!counts(within.object, object)) continue;
      const container = this.#ruling(question, within.object, assumption);
      if (!container.visible || (within.field !== undefined && container.forbidden.has(within.field))) return false;
    }
    return true;
  }

  /** Why a rule that the question depends on is undecided: of the field, of one that contains it, or of the operation. */
  #undecided({ request, object, fieldIndex }: Question): string | undefined {
    let found = this.#undecidedField(object.sighting, fieldIndex);
    for (let { within } = object; within && found === undefined; { within } = within.object)
      found = this.#undecidedField(within.object.sighting, within.field);
    return found ?? request.operation.declared.undecided ?? this.#undecidedBesides(object);
  }

  #undecidedField({ resource, fields }: SeenObject['sighting'], index: number | undefined): string | undefined {
    const name = index === undefined ? undefined : fields[index]?.field;
    return name === undefined ? undefined : this.#contract.resources[resource]?.fields[name]?.undecided;
  }

  /** An object that is visible only if one of its other fields is. */
  #undecidedBesides({ sighting }: SeenObject): string | undefined {
    const fields = Object.values(this.#contract.resources[sighting.resource]?.fields ?? {});
    return fields.find(({ undecided }) => undecided !== undefined)?.undecided;
  }

  #because(question: Question): Because {
    if (!this.#isAdmitted(question, 'strict', isOwnContainer)) return 'operation';
    return this.#ruling(question, question.object, 'strict').forbidden.get(question.fieldIndex) ?? 'hidden';
  }

  #ruling({ principal }: Pick<Question, 'principal'>, object: SeenObject, assumption: Assumption): Ruling {
    const key = `${assumption} ${callerKey(principal)}`;
    const rulings = this.#rulings.get(object) ?? new Map<string, Ruling>();
    this.#rulings.set(object, rulings);
    const ruling =
      rulings.get(key) ??
      judge(this.#contractFor(assumption), principal, object.sighting, this.#known(assumption, object));
    rulings.set(key, ruling);
    return ruling;
  }

  /** Whether the contract allows the caller this very request. */
  #isAdmitted(question: Question, assumption: Assumption, counts: CountsContainer): boolean {
    const { principal, request } = question;
    const isSubject = counts !== isOwnContainer || this.#isOfOperationOwner(question);
    const key = `${callerKey(principal)} ${isSubject} ${admissionKey(question, assumption)}`;
    let admitted = this.#admitted.get(key);
    if (admitted === undefined) {
      const all = this.#known(assumption);
      const known: Known = {
        get: (claim) => (claim.type === 'state' && !isSubject ? 'no' : all.get(claim)),
        alone: true,
        owners: () => this.#owners(request),
      };
      const view = requestView(request.operation, request.template);
      admitted = admit(this.#contractFor(assumption), view, principal, known, true).type === 'plan';
      this.#admitted.set(key, admitted);
    }
    return admitted;
  }

  /** Objects of other people in a person's list are not subject to the states of the owner of the list. */
  #isOfOperationOwner({ request, object }: Question): boolean {
    const owners = this.#owners(request);
    if (!owners || object.owners.length === 0) return true;
    return owners.some((owner) => object.owners.includes(ownerKey(owner)));
  }

  /** What is undecided is for nobody but its owner, unless the assumption is generous. */
  #contractFor(assumption: Assumption): CompiledContract {
    return assumption === 'generous' ? this.#widest : this.#contract;
  }

  #known(assumption: Assumption, object?: SeenObject): Known {
    return { get: (claim) => assumed(this.#relations.get(claim, object), claim, assumption), alone: true };
  }

  #asks({ principal, object }: Question): string[] {
    const asks = new Set<string>();
    for (let at: SeenObject | undefined = object; at; at = at.within?.object) {
      const judged = at;
      const known: Known = { get: (claim) => this.#relations.get(claim, judged), alone: true };
      for (const claim of judge(this.#contract, principal, at.sighting, known).asks)
        asks.add(claim.type === 'relation' ? claim.relation : claim.state);
    }
    return [...asks].sort();
  }
}

function assumed(truth: Truth, claim: Claim, assumption: Assumption): Truth {
  if (assumption === 'stateless' && claim.type === 'state') return 'no';
  if (truth !== 'unknown') return truth;
  if (assumption === 'generous') return claim.type === 'relation' ? 'yes' : 'no';
  return claim.type === 'relation' ? 'no' : 'yes';
}

/** A container of another owner does not count: a hidden list decides nothing about the people in it, who have cells of their own. */
function isOwnContainer(container: SeenObject, { owners }: SeenObject): boolean {
  return container.owners.length === 0 || container.owners.some((owner) => owners.includes(owner));
}

/** What `admit` depends on besides the caller. A GraphQL document, which is slow to read, depends on nothing but itself. */
function admissionKey({ request }: Question, assumption: Assumption): string {
  const { declared, protocol, key } = request.operation;
  const isSame = declared.undecided === undefined && !declared.parameters.some((each) => each.isPrincipal);
  if (protocol === 'graphql' && isSame) return key;
  return `${assumption} ${request.key}`;
}

function callerKey(principal: Principal): string {
  return 'id' in principal ? `${principal.kind} ${principal.space} ${principal.id}` : '-';
}
