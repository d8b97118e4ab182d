/**
 * Appends without end, and prints each number that was acknowledged. Arguments: the log's directory, the mode, the first number.
 * Every block contains one number; sizes differ, so that kills leave incomplete frames.
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

async function appendForever(): Promise<never> {
  for (;;) {
    const number = next++;
    const payload = Buffer.alloc(4 + ((number * 977) % 3000));
    payload.writeUInt32LE(number);
    const answer = await log.append({ count: 1, payload });
    if (answer.ok) writeSync(1, `${number}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, appendForever));
