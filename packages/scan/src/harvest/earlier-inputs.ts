import type { ReadOperation } from '../plan/read-operation.ts';
import type { Recipe } from '../plan/slot.ts';
import type { ReadResponse } from '../reading/read-response.ts';
import type { InputFinder } from './input-finder.ts';
import type { OwnInput, SymbolicInput } from './own-input.ts';

export interface EarlierScan {
  readonly finder: InputFinder;
  /** The inputs of the operation that were found now. */
  readonly found: readonly OwnInput[];
  readonly known: readonly SymbolicInput[];
}

const NOT_READ: ReadResponse = { status: 0, objects: [], doubt: 'its owner gets no own object there' };

/**
 * Inputs of an earlier scan that were not found now: those that still return an own object, and if the operation has no input at all,
 * the others too, so that every caller's response to them is compared.
 */
export async function inputsOfEarlierScan(
  operation: ReadOperation,
  { finder, found, known }: EarlierScan,
): Promise<OwnInput[]> {
  const { server, protocol, declared } = operation;
  const inputs: OwnInput[] = [];
  for (const { input, ...each } of known) {
    const isSame = each.server === server.name && each.protocol === protocol && each.operation === declared.name;
    if (!isSame || each.owner !== finder.identity.name) continue;
    const recipe = recipeOf(operation, Object.keys(input));
    const values = recipe?.map(({ name }) => finder.bySymbol(input[name] ?? ''));
    if (!recipe || !values?.every((value) => value !== undefined)) continue;
    const request = finder.requestOf({ operation, recipe, values });
    if (!request || found.some((one) => one.request.key === request.key)) continue;
    const again = await finder.tryValues({ operation, recipe, values });
    const isFiltered = !operation.recipes.includes(recipe);
    if (again) inputs.push(isFiltered ? { ...again, request: { ...again.request, isFiltered } } : again);
    else if (found.length === 0) {
      const symbols = values.map(({ symbol }) => symbol);
      inputs.push({ owner: finder.identity, request, values, symbols, needs: [], first: NOT_READ, second: NOT_READ });
    }
  }
  return inputs;
}

/** The recipe with exactly these slots, or one with a query parameter besides. */
function recipeOf({ recipes, filters }: ReadOperation, names: readonly string[]): Recipe | undefined {
  const hasNames = (recipe: Recipe): boolean =>
    recipe.length === names.length && recipe.every(({ name }) => names.includes(name));
  return [...recipes, ...recipes.flatMap((recipe) => filters.map((slot) => [...recipe, slot]))].find(hasNames);
}
