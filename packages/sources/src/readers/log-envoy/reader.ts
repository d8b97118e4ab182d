import { logReader } from '../log-reader.ts';
import { envoyFormat } from './format.ts';

export const envoyLog = logReader(envoyFormat, { title: 'Envoy and Istio access log (text)', extensions: ['.log'] });
