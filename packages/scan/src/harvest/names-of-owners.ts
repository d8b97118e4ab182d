import type { CompiledContract } from '@leakproof/core';

/** Words by which the contract calls owners: kinds of owner and of principal, and the fields with an owner's id; as `ownerWord`. */
export function namesOfOwners({ resources, principals }: CompiledContract): ReadonlySet<string> {
  const paths = Object.values(resources).flatMap(({ owner }) => (typeof owner === 'string' ? [] : owner));
  const fields = paths.flatMap(({ path, kind }) => [
    path.findLast((each) => each !== '*' && each !== 'id') ?? '',
    kind,
  ]);
  const words = [...fields, ...principals.flatMap(({ name, ids }) => [name, ids])].map(ownerWord);
  return new Set(words.filter((word) => word !== ''));
}

/** Equal for `sellerId`, `seller_id`, `sellers` and `x-seller`. */
export function ownerWord(name: string): string {
  const letters = name.toLowerCase().replace(/^x-|[^a-z0-9]/g, '');
  return letters.replace(/(?:ids?|uuid)$/, '').replace(/s$/, '');
}
