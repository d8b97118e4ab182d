import { logReader } from '../../reading/access-log/log-reader.ts';
import { jsonFormat } from './format.ts';

export const jsonLog = logReader(jsonFormat, {
  title: 'JSON access log, one object a line',
  extensions: ['.ndjson', '.jsonl', '.log', '.json'],
});
