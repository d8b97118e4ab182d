import { logReader } from '../log-reader.ts';
import { w3cFormat } from './format.ts';

export const w3cLog = logReader(w3cFormat, {
  title: 'W3C extended log (CloudFront, IIS)',
  extensions: ['.log', '.gz'],
});
