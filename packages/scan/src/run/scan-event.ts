import type { Finding } from '../findings/finding.ts';
import type { ScanResult } from './scan-result.ts';

/** What happens during a scan, for progress displays and logs. `endpoints` are operations, counted once per server. */
export type ScanEvent =
  | { readonly type: 'planned'; readonly endpoints: number; readonly notTested: number }
  | { readonly type: 'identities'; readonly names: readonly string[] }
  | { readonly type: 'harvested'; readonly identity: string; readonly endpoints: number }
  | {
      readonly type: 'tried';
      readonly attacker: string;
      readonly endpoint: string;
      readonly done: number;
      readonly of: number;
    }
  | { readonly type: 'replayed'; readonly attacker: string; readonly requests: number; readonly confirmed: boolean }
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'finished'; readonly result: ScanResult };
