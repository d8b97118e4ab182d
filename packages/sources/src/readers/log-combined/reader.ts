import { logReader } from '../log-reader.ts';
import { combinedFormat } from './format.ts';

export const combinedLog = logReader(combinedFormat, { title: 'Common and combined access log', extensions: ['.log'] });
