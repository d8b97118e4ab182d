/** Why a field may not be seen. `state:NAME` names the state that narrows. */
export type Because =
  | 'relation'
  | `state:${string}`
  | 'undeclared'
  | 'misshapen'
  | 'projection'
  | 'owner-unknown'
  | 'group-too-small'
  | 'hidden'
  | 'budget'
  | 'operation';
