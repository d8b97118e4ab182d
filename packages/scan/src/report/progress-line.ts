import type { ScanEvent } from '../run/scan-event.ts';

/** One line of progress; undefined for events that the report shows. */
export function progressLine(event: ScanEvent): string | undefined {
  switch (event.type) {
    case 'planned':
      return `${event.endpoints} operations to try, ${event.notTested} not tested`;
    case 'identities':
      return `${event.names.length} identities are logged in and distinct`;
    case 'harvested':
      return `${event.identity} reads its own objects by ${event.endpoints} operations`;
    case 'tried':
      return `${event.done}/${event.of} ${event.attacker} at ${event.endpoint}`;
    case 'replayed':
      return `${event.attacker}: ${event.requests} requests repeated with a new login`;
    case 'finished':
      return `${event.result.requests} requests in ${event.result.seconds.toFixed(1)} s`;
    case 'finding':
      return undefined;
  }
}
