/** A relation in words. */
export function viewerText(relation: string): string {
  if (relation === 'anyone') return 'anybody, without a login';
  if (relation === 'self') return 'its own owner';
  return relation === 'outsider' ? 'a caller of another id space' : `any ${relation}`;
}
