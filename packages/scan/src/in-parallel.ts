/** Runs `each` for every item, at most `limit` at a time; the results are in the order of the items. Rejects with the first failure. */
export async function inParallel<T, U>(
  items: readonly T[],
  limit: number,
  each: (item: T, index: number) => Promise<U>,
): Promise<U[]> {
  const results: U[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await each(item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
