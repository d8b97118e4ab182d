/**
 * Appends without end and says on stdout, after each receipt, which number was acknowledged. Arguments: the log's
 * directory, the mode, the first number. Every block holds one number; sizes differ so that kills tear frames.
 */
import { writeSync } from 'node:fs';
import { openLog } from '../open-log.ts';

const [directory = '', sync = 'within', first = '0'] = process.argv.slice(2);
const log = openLog({
  directory,
  now: () => Date.now(),
  sync: sync === 'strict' ? 'strict' : 'within',
  segmentBytes: 200_000,
});
writeSync(1, `${log.writer} ${log.status().repaired.damaged}\n`);
let next = Number(first);

async function appendForEver(): Promise<never> {
  for (;;) {
    const number = next++;
    const payload = Buffer.alloc(4 + ((number * 977) % 3000));
    payload.writeUInt32LE(number);
    const answer = await log.append({ count: 1, payload });
    if (answer.ok) writeSync(1, `${number}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, appendForEver));
