export { startLab, type Lab, type LabOptions } from './lab.ts';
export { LabError, LAB_ERROR_CODES, type LabErrorCode } from './lab-error.ts';
export { oracle, hostOf, type OracleCell, type OracleOptions, type Verdict } from './oracle/oracle.ts';
export { STAGES, type Channel, type Protocol, type Region, type Stage, type Switch } from './rules/stages.ts';
export { type LabIdentity } from './people/identities.ts';
export { type Role } from './people/cast.ts';
export { type Relation, type State } from './rules/standing.ts';
export { makeKeys, type LabKeys } from './auth/keys.ts';
