import { type Advisory, summaryOf } from './advisory.ts';

/** A draft of the CNA container of a CVE record 5.1, for a CNA to publish: no id is promised. */
export function cveDraftOf(advisory: Advisory): unknown {
  const { publisher, cwe, severity, credits, isFixed, publishedAt, id } = advisory;
  return {
    title: advisory.title,
    datePublic: publishedAt,
    tags: ['exclusively-hosted-service'],
    affected: [
      {
        vendor: publisher.name,
        product: publisher.product,
        versions: [{ version: 'hosted', status: isFixed ? 'unaffected' : 'affected' }],
      },
    ],
    descriptions: [{ lang: 'en', value: summaryOf(advisory) }],
    problemTypes: [
      { descriptions: [{ lang: 'en', type: 'CWE', cweId: cwe.id, description: `${cwe.id} ${cwe.name}` }] },
    ],
    ...(severity
      ? {
          metrics: [
            {
              format: 'CVSS',
              cvssV4_0: {
                version: '4.0',
                vectorString: severity.vector,
                baseScore: severity.score,
                baseSeverity:
                  severity.score >= 9
                    ? 'CRITICAL'
                    : severity.score >= 7
                      ? 'HIGH'
                      : severity.score >= 4
                        ? 'MEDIUM'
                        : 'LOW',
              },
            },
          ],
        }
      : {}),
    references: [{ url: `${publisher.namespace.replace(/\/$/, '')}/advisories/${id}.json` }],
    ...(credits.length > 0 ? { credits: credits.map((value) => ({ lang: 'en', value, type: 'reporter' })) } : {}),
  };
}
