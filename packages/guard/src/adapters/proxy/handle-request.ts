import { errorResponse } from '../../engine/error-response.ts';
import type { Guard } from '../../engine/guard.ts';
import { mirrorDestination } from '../../engine/mirror-destination.ts';
import { passThroughHeaders } from '../../headers/to-origin.ts';
import { type Client, sendResponse } from './client.ts';
import { drive, type DriverContext } from './drive.ts';
import { Passage } from './pass-through.ts';

/** Processes one request. Never rejects: after an internal error nothing is released in `enforce`. */
export async function handleRequest(guard: Guard, client: Client, context: DriverContext): Promise<void> {
  const { counts, guardHeaders } = guard.engine;
  try {
    await drive(guard.receive(client.request), client, context);
  } catch {
    if (client.message.destroyed && !client.message.complete) return;
    counts.faults++;
    if (client.response.headersSent) client.response.destroy();
    else if (isMonitored(guard, client)) await passUnchanged(guard, client, context);
    else {
      counts.refused++;
      const { status, headers, body } = errorResponse(500, { graphql: false, guardHeaders });
      await sendResponse(client, { status, headers }, [body]);
    }
  }
}

function isMonitored(guard: Guard, { request }: Client): boolean {
  try {
    return guard.modeOf(request) === 'monitor';
  } catch {
    const { mode, contract } = guard.engine;
    return (mode ?? contract.mode) === 'monitor';
  }
}

/** Forwards a request in `monitor` for which the engine failed. */
async function passUnchanged(
  { engine: { contract, guardHeaders } }: Guard,
  client: Client,
  { endpoints, mirror, backlog, limits: { maxRequestBytes } }: DriverContext,
): Promise<void> {
  const { request } = client;
  const { to, target } = mirrorDestination(contract, request);
  if (to) {
    const upstream = endpoints.addressOf(to);
    const headers = passThroughHeaders(request, to);
    const copy = backlog.copy();
    copy.stop();
    const options = { agents: mirror, upstream, target, headers, maxRequestBytes, body: undefined, copy };
    await new Passage(client, options).start().ended;
    return;
  }
  const { status, headers, body } = errorResponse(421, { graphql: false, guardHeaders });
  await sendResponse(client, { status, headers }, [body]);
}
