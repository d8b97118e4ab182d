import { GraphQLError } from 'graphql';
import { type Authorizer, authorizerFor, type RequestContext } from '../server/authorizer.ts';
import { operationNamed } from '../surface/operations.ts';

/** What every resolver gets: the request, and one authorizer for each path to a person. */
export interface GraphqlContext extends RequestContext {
  authorizer(operation: string): Authorizer;
}

export function graphqlContext(context: RequestContext): GraphqlContext {
  const authorizers = new Map<string, Authorizer>();
  return {
    ...context,
    authorizer: (operation) => {
      const authorizer = authorizers.get(operation) ?? authorizerFor(operationNamed(operation), context);
      authorizers.set(operation, authorizer);
      return authorizer;
    },
  };
}

/** The authorizer of a path. Throws a GraphQL error, which replaces the field, if the caller is rejected. */
export function authorize(context: GraphqlContext, operation: string): Authorizer {
  const authorizer = context.authorizer(operation);
  if (authorizer.refusesCaller) {
    throw new GraphQLError('Log in to see this.', { extensions: { code: 'UNAUTHENTICATED' } });
  }
  return authorizer;
}
