import { logReader } from '../log-reader.ts';
import { jsonFormat } from './format.ts';

export const jsonLog = logReader(jsonFormat, {
  title: 'JSON access log, one object per line',
  extensions: ['.ndjson', '.jsonl', '.log', '.json'],
});
