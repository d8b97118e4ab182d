export { DEFAULT_POLICY, type Policy, type Role } from './clocks/policy.ts';
