import { createHash } from 'node:crypto';
import { type Advisory, summaryOf } from './advisory.ts';

/** CycloneDX 1.7: the service with its operations and data, and the vulnerability with its rating and credits. */
export function cyclonedxOf(advisory: Advisory): unknown {
  const { publisher, id, severity, cwe, credits, publishedAt, reportedAt, counts, isFixed } = advisory;
  const hash = createHash('sha256').update(`${publisher.namespace} ${id}`).digest('hex');
  const uuid = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.7.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    serialNumber: `urn:uuid:${uuid}`,
    version: 1,
    metadata: { timestamp: publishedAt, supplier: { name: publisher.name, url: [publisher.namespace] } },
    services: [
      {
        'bom-ref': 'service',
        name: publisher.product,
        provider: { name: publisher.name },
        data: (counts?.classes ?? []).map((name) => ({ flow: 'outbound', classification: 'PII', name })),
      },
    ],
    vulnerabilities: [
      {
        'bom-ref': id,
        id,
        source: { name: publisher.name, url: publisher.namespace },
        ...(severity
          ? {
              ratings: [
                {
                  method: 'CVSSv4',
                  score: severity.score,
                  severity:
                    severity.score >= 9
                      ? 'critical'
                      : severity.score >= 7
                        ? 'high'
                        : severity.score >= 4
                          ? 'medium'
                          : 'low',
                  vector: severity.vector,
                },
              ],
            }
          : {}),
        cwes: [Number(cwe.id.slice('CWE-'.length))],
        description: summaryOf(advisory),
        detail: `Operations: ${advisory.operations.join(', ') || 'not named'}.`,
        created: reportedAt,
        published: publishedAt,
        ...(credits.length > 0 ? { credits: { individuals: credits.map((name) => ({ name })) } } : {}),
        analysis: { state: isFixed ? 'resolved' : 'exploitable' },
        affects: [{ ref: 'service' }],
      },
    ],
  };
}
