import { DeskConfig } from '../config/config.ts';
import { serveDesk } from '../serve/serve-desk.ts';

// A server of its own, for a test that kills it. It prints its address.
const { reporterUrl } = await serveDesk(
  DeskConfig.parse({
    database: process.argv[2],
    reporter: { listen: '127.0.0.1:0' },
    staff: { listen: '127.0.0.1:0' },
    budgets: { write: { burst: 1_000_000, perHour: 1_000_000 } },
  }),
);
process.stdout.write(`${reporterUrl}\n`);
