// The entry point for a package that applies the contract's rules by itself: `@leakproof/core/rules`.
export { own } from '../own.ts';
export { holdsObjects, keyFor, keysBelow, shapesBelow } from '../contract/shape.ts';
export type { Narrow } from '../contract/compiled.ts';
export { ClaimMap } from './claim-map.ts';
export { setAtPath, conditionPathsOf } from './condition-reads.ts';
export { ruleOn } from './judge.ts';
export { LocalityMap } from './locality-map.ts';
export { type Related, Relations } from './relate.ts';
export { sightedField } from './sighting.ts';
export { Standing } from './standing.ts';
export { withheldMember } from './withheld-member.ts';
