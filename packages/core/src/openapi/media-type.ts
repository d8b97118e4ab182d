/** A media type without parameters, in lower case (RFC 9110 §8.3.1). */
export function essenceOf(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

export function isMediaType(mediaType: string, essence: string): boolean {
  return essenceOf(mediaType) === essence;
}

/** True for `application/json`, `application/vnd.api+json; version=2`, and for ranges that include it: `*` + `/*`, `application/*`. */
export function mayBeJson(mediaType: string): boolean {
  const essence = essenceOf(mediaType);
  return (
    essence === '*' || essence === '*/*' || essence === 'application/*' || /^[^/]+\/(?:[^/]*\+)?json$/.test(essence)
  );
}
