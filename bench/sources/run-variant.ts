import { VARIANTS } from './variants.ts';

/** A process of its own for each measurement, so that memory is the variant's own: `run-variant.ts NAME FILE`. */
const [, , name = '', path = ''] = process.argv;
const variant = VARIANTS[name];
if (variant === undefined) throw new Error(`no variant is called ${name}`);
const before = process.cpuUsage();
const count = await variant(path);
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  JSON.stringify({ count, cpuSeconds: (user + system) / 1e6, maxRssMiB: process.resourceUsage().maxRSS / 1024 }),
);
