import type { Flow, FlowSite } from '@leakproof/sources';

/** Value flow as text, the most certain edge first. */
export function showFlow({ edges, forgotten, dropped }: Flow): string {
  const lines = edges.map(({ producer, consumer, weight, values, seen, sameCaller, via }) => {
    const how = via === 'value' ? '' : `, as ${via}`;
    const strangers = seen - sameCaller;
    const whose = strangers > 0 ? `, ${strangers} × by a caller that had not received it in a response` : '';
    return `${weight.toFixed(2)}  ${site(producer)}\n   →  ${site(consumer)}\n      ${values} values, ${seen} ×${whose}${how}`;
  });
  if (forgotten > 0) lines.push(`${forgotten} values were dropped to limit memory: edges may be missing.`);
  if (dropped > 0) lines.push(`${dropped} more flows were of edges beyond the limit.`);
  return lines.length > 0 ? `${lines.join('\n')}\n` : 'No value of a response was found in a later request.\n';
}

function site({ operation, origin, place, name }: FlowSite): string {
  return `${operation} ${place}${name === '' ? '' : ` ${name}`}  (${origin})`;
}
