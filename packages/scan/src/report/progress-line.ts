import type { ScanEvent } from '../run/scan-event.ts';

export interface ProgressLine {
  readonly text: string;
  /** One of many: only worth showing on a terminal, where the next one replaces it. */
  readonly isTransient: boolean;
}

/** The progress to show for an event; undefined for events that the report shows. */
export function progressLine(event: ScanEvent): ProgressLine | undefined {
  const text = textOf(event);
  if (text === undefined) return undefined;
  return { text, isTransient: event.type === 'tried' && event.done < event.of };
}

function textOf(event: ScanEvent): string | undefined {
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
