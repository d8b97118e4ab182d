import { escapeXml } from '@leakproof/html';

export interface Bar {
  readonly label: string;
  readonly value: number;
}

const COLOUR = '#2f6db3';

/** A figure of bars as inline SVG, each with its number; empty if there is nothing to show. */
export function barChart(title: string, bars: readonly Bar[], direction: 'vertical' | 'horizontal'): string {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const drawn = direction === 'vertical' ? vertical(bars, most) : horizontal(bars, most);
  const body = bars.length === 0 ? '<p>No data.</p>' : drawn;
  return `<figure><figcaption>${escapeXml(title)}</figcaption>${body}</figure>`;
}

function horizontal(bars: readonly Bar[], most: number): string {
  const rows = bars.map(({ label, value }, index) => {
    const y = index * 20;
    const width = Math.max(1, (value / most) * 150);
    return `<text x="186" y="${y + 14}" text-anchor="end">${escapeXml(cut(label))}</text><rect x="192" y="${y + 3}" width="${width.toFixed(1)}" height="14" fill="${COLOUR}"/><text x="${(198 + width).toFixed(1)}" y="${y + 14}">${value.toLocaleString('en')}</text>`;
  });
  return `<svg viewBox="0 0 410 ${bars.length * 20 + 2}" font-size="11" role="img">${rows.join('')}</svg>`;
}

function vertical(bars: readonly Bar[], most: number): string {
  const step = 820 / bars.length;
  const width = Math.min(40, step * 0.8);
  const columns = bars.map(({ label, value }, index) => {
    const height = Math.max(1, (value / most) * 110);
    const x = index * step + step / 2;
    const isLabelled = index % Math.ceil(bars.length / 10) === 0;
    const number =
      bars.length <= 16
        ? `<text x="${x.toFixed(1)}" y="${(120 - height).toFixed(1)}" text-anchor="middle">${value.toLocaleString('en')}</text>`
        : '';
    const name = isLabelled
      ? `<text x="${x.toFixed(1)}" y="140" text-anchor="${index === 0 && bars.length > 8 ? 'start' : 'middle'}">${escapeXml(label)}</text>`
      : '';
    return `<rect x="${(x - width / 2).toFixed(1)}" y="${(124 - height).toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="${COLOUR}"><title>${escapeXml(label)}: ${value}</title></rect>${number}${name}`;
  });
  const scale = `<text x="0" y="10" fill="#56606a">most: ${most.toLocaleString('en')}</text>`;
  return `<svg viewBox="0 0 820 145" font-size="11" role="img">${columns.join('')}${bars.length > 16 ? scale : ''}</svg>`;
}

function cut(label: string): string {
  return label.length > 28 ? `${label.slice(0, 27)}…` : label;
}
