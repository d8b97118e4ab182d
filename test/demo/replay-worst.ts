import type { ScanResult } from '@leakproof/scan';
import type { Cadence } from '../support/cadence.ts';

export function replayWorst(_cadence: Cadence, _scan: ScanResult): Promise<string> {
  return Promise.resolve('cannot tell');
}
