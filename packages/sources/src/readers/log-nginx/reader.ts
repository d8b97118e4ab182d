import { logReader } from '../log-reader.ts';
import { nginxFormat } from './format.ts';

export const nginxLog = logReader(nginxFormat, { title: 'nginx log of a given log_format', extensions: ['.log'] });
