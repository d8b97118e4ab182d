export type {
  DeclaredBody,
  DeclaredField,
  DeclaredHttpOperation,
  DeclaredParameter,
  DeclaredParts,
  DeclaredResponse,
  DeclaredScheme,
  DeclaredSecurity,
  ParameterLocation,
  WireName,
} from './declared-operation.ts';
export {
  type Description,
  hasInvalidPaths,
  type NoDescription,
  openDescription,
  type ReadOperations,
} from './description.ts';
export type { Documents, WantedDocument } from './documents.ts';
export type { DescribedItem } from './operations.ts';
export type { DescriptionProblem, DescriptionProblemCode, LocatedValue, RefFault, Unfollowed } from './problem.ts';
export type { Locate } from './references.ts';
export type { RequestMembers } from './request-members.ts';
export { loadYaml } from '../yaml/load-yaml.ts';
export type { YamlLoss } from '../yaml/parse-yaml.ts';
