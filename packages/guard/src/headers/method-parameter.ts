import { isMethodParameter } from '@leakproof/core';

/** True if a query parameter names the method of the request (`_method`), in any spelling that a server decodes. */
export function namesMethodInQuery(target: string): boolean {
  const mark = target.indexOf('?');
  return mark >= 0 && namesMethod(target.slice(mark + 1));
}

/** The same for a form: `name=value` pairs (application/x-www-form-urlencoded). */
export function namesMethod(form: string): boolean {
  if (!/method|%/i.test(form)) return false;
  return form.split(/[&;]/).some((pair) => isMethodParameter(decoded(pair.split('=', 1)[0] ?? '')));
}

function decoded(name: string): string {
  const text = name.replaceAll('+', ' ');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
