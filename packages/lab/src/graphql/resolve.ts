import type { GraphqlContext } from './graphql-context.ts';

/** Arguments, validated against the schema; all are scalars but `ids` and `input`. */
type Args = Readonly<Record<string, string | null | undefined>>;
export type Resolve<Source> = (source: Source, args: Args, context: GraphqlContext) => unknown;
