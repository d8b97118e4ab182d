import type { GraphqlContext } from './people.ts';

/** Arguments as the schema has checked them; every one is a scalar but `ids` and `input`. */
type Args = Readonly<Record<string, string | null | undefined>>;
export type Resolve<Source> = (source: Source, args: Args, context: GraphqlContext) => unknown;
