const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLF = /^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?(?: ([+-])(\d\d)(\d\d))?$/;

let lastText = '';
let lastMs: number | undefined;

/** `10/Oct/2025:13:55:36 -0700` in epoch milliseconds. The last result is cached, since many lines have the same second. */
export function clfTimeMs(text: string): number | undefined {
  if (text === lastText) return lastMs;
  lastMs = parseClf(text);
  lastText = text;
  return lastMs;
}

function parseClf(text: string): number | undefined {
  const parts = CLF.exec(text);
  if (parts === null) return undefined;
  const month = MONTHS.indexOf(parts[2]?.toLowerCase() ?? '');
  if (month < 0) return undefined;
  const [, day, , year, hour, minute, second, fraction, sign, offsetHours, offsetMinutes] = parts;
  const local = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  const offsetMs = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * 60_000;
  return local + Number((fraction ?? '').padEnd(3, '0')) - (sign === '-' ? -offsetMs : offsetMs);
}

/** A time in ISO 8601 or CLF, or in epoch seconds, milli-, micro- or nanoseconds, as a number or text. */
export function anyTimeMs(value: unknown): number | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,}(?:\.\d+)?$/.test(value))) {
    return ofEpoch(Number(value));
  }
  if (typeof value !== 'string') return undefined;
  const timeMs = Date.parse(value);
  return Number.isNaN(timeMs) ? clfTimeMs(value.replace(/^\[|\]$/g, '')) : timeMs;
}

/** The unit is inferred from the magnitude. */
function ofEpoch(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  if (value < 1e11) return Math.round(value * 1000);
  if (value < 1e14) return Math.round(value);
  return Math.round(value < 1e17 ? value / 1e3 : value / 1e6);
}
