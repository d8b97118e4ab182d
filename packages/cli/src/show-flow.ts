import type { Flow, FlowSite } from '@leakproof/sources';

/** Value flow as a table for people, the surest edge first. */
export function showFlow({ edges, forgotten, dropped }: Flow): string {
  const lines = edges.map(({ producer, consumer, weight, values, seen, sameCaller, via }) => {
    const how = via === 'value' ? '' : `, as ${via}`;
    const strangers = seen - sameCaller;
    const whose = strangers > 0 ? `, ${strangers} × by a caller whom no response had given it` : '';
    return `${weight.toFixed(2)}  ${site(producer)}\n   →  ${site(consumer)}\n      ${values} values, ${seen} ×${whose}${how}`;
  });
  if (forgotten > 0) lines.push(`${forgotten} values were forgotten to stay within memory: edges may be missing.`);
  if (dropped > 0) lines.push(`${dropped} sightings were of edges beyond the limit.`);
  return lines.length > 0 ? `${lines.join('\n')}\n` : 'No value was seen to flow from a response to a later request.\n';
}

function site({ operation, origin, place, name }: FlowSite): string {
  return `${operation} ${place}${name === '' ? '' : ` ${name}`}  (${origin})`;
}
