import { logReader } from '../log-reader.ts';
import { albFormat } from './format.ts';

export const albLog = logReader(albFormat, {
  title: 'AWS Application Load Balancer log',
  extensions: ['.log', '.log.gz'],
});
