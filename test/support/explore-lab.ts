import type { Exchange } from '@leakproof/core';
import type { Lab, OracleCell } from '@leakproof/lab';
import { openLabClient } from '../../packages/lab/src/traffic/lab-client.ts';
import { logInCast } from '../../packages/lab/src/traffic/cast-directory.ts';
import { probeOf } from '../../packages/lab/src/traffic/probes.ts';

/** An exchange with the cells that its answer is about. */
export interface Explored {
  readonly exchange: Exchange;
  readonly viewer: string;
  readonly cells: readonly OracleCell[];
}

/** Requests cells of the oracle by plain HTTP, each request once, and keeps the exchanges. */
export async function exploreLab(lab: Lab, cells: readonly OracleCell[]): Promise<Explored[]> {
  const client = openLabClient(lab.port);
  try {
    const directory = await logInCast(lab, client);
    const asked = new Map<string, { cell: OracleCell; cells: OracleCell[] }>();
    for (const cell of cells) {
      const key = JSON.stringify([cell.host, cell.channel, cell.viewer, probeFor(cell)]);
      const before = asked.get(key);
      if (before) before.cells.push(cell);
      else asked.set(key, { cell, cells: [cell] });
    }
    const explored: Explored[] = [];
    for (const { cell, cells: about } of asked.values()) {
      const probe = probeFor(cell);
      const headers = headersOf(cell);
      const { status, body, headers: received } = await client.send(cell.host, probe, headers);
      const sent = probe.body === undefined ? undefined : Buffer.from(JSON.stringify(probe.body));
      explored.push({
        viewer: cell.viewer,
        cells: about,
        exchange: {
          request: {
            method: probe.method,
            scheme: 'http',
            authority: cell.host,
            target: probe.path,
            headers: [...Object.entries(headers), ...(sent ? [['content-type', 'application/json'] as const] : [])],
            body: sent,
          },
          response: { status, headers: [...received], body: Buffer.from(JSON.stringify(body ?? null)) },
          caller:
            cell.viewer === 'anonymous'
              ? { auth: 'anonymous' }
              : { auth: 'credential', scheme: 'bearer', identity: cell.viewer },
          time: Date.UTC(2021, 0, 21) + explored.length,
          provenance: { reader: 'lab', at: String(explored.length) },
        },
      });
    }
    return explored;

    function probeFor(cell: OracleCell): NonNullable<ReturnType<NonNullable<ReturnType<typeof probeOf>>>> {
      const probe = probeOf(cell.operation, cell.at);
      if (!probe) throw new Error(`no request is known for ${cell.operation}`);
      return probe(directory.idsOf(cell.owner), directory.fixtures[cell.host.includes('.us.') ? 'us' : 'uk']);
    }

    function headersOf({ viewer, channel }: OracleCell): Record<string, string> {
      if (channel === 'device') {
        const apiKey = lab.identities.find(({ name }) => name === viewer)?.apiKey;
        return apiKey === undefined ? {} : { 'x-api-key': apiKey };
      }
      return { ...(channel === 'mobile' ? { platform: 'ios' } : {}), ...directory.credentialsOf(viewer) };
    }
  } finally {
    client.close();
  }
}
