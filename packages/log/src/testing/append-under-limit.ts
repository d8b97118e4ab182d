/** Runs under a file size limit that the large block exceeds, and prints the result of each block. */
import { openLog } from '../open-log.ts';

const [directory = ''] = process.argv.slice(2);
const log = openLog({ directory, now: () => 0, retryEveryMs: 5 });
const answers: string[] = [];
for (const bytes of [1000, 200_000, 1000]) {
  const answer = await log.append({ count: 1, payload: new Uint8Array(bytes) });
  answers.push(answer.ok ? 'recorded' : answer.code);
  while (log.status().refusing) await new Promise((resolve) => setTimeout(resolve, 5));
}
await log.close();
process.stdout.write(JSON.stringify(answers));
