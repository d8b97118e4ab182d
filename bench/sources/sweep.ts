import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileSource, readBytes } from '@leakproof/sources';

/**
 * Counts the operations of every description below a folder, by the reader (`sweep.ts ours FOLDER`) or by `JSON.parse` (`sweep.ts
 * count FOLDER`).
 */
const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']);
const [, , mode = '', folder = ''] = process.argv;
const files = readdirSync(folder, { recursive: true })
  .map((name) => join(folder, String(name)))
  .filter((file) => file.endsWith('.json') && statSync(file).isFile())
  .sort();

const counts: Record<string, number> = {};
const rejects: Record<string, number> = {};
const crashes: string[] = [];
for (const file of files) {
  try {
    counts[file] = mode === 'ours' ? await readOperations(file) : countOperations(file);
  } catch {
    crashes.push(file);
  }
}
const { user, system } = process.cpuUsage();
const cpuSeconds = (user + system) / 1e6;
process.stdout.write(
  JSON.stringify({ counts, crashes, rejects, cpuSeconds, maxRssMiB: process.resourceUsage().maxRSS / 1024 }),
);

/** Operations that were read or rejected. */
async function readOperations(file: string): Promise<number> {
  let count = 0;
  for await (const batch of readBytes(await fileSource(file), { as: 'openapi' })) {
    for (const reading of batch) {
      if (reading.type === 'operation') count += 1;
      else if (reading.type === 'reject') {
        rejects[reading.code] = (rejects[reading.code] ?? 0) + reading.count;
        if (reading.code === 'operation-invalid') count += reading.count;
      }
    }
  }
  return count;
}

/** Methods under `paths`, including those of path items with a `$ref`. */
function countOperations(file: string): number {
  const document = JSON.parse(readFileSync(file, 'utf8')) as { paths?: Record<string, unknown> };
  let count = 0;
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    if (path.startsWith('x-')) continue;
    const ref = (item as { $ref?: string } | null)?.$ref;
    const pathItem =
      ref?.startsWith('#/') === true
        ? ref
            .slice(2)
            .split('/')
            .reduce(step, document as unknown)
        : item;
    for (const key of Object.keys((pathItem as object | null) ?? {})) if (METHODS.has(key)) count += 1;
  }
  return count;
}

function step(value: unknown, token: string): unknown {
  const key = decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
  return (value as Record<string, unknown> | undefined)?.[key];
}
