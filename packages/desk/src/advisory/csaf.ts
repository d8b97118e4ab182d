import { type Advisory, summaryOf } from './advisory.ts';

/** CSAF 2.0, profile `csaf_security_advisory`. CVSS 4.0 is a note: CSAF 2.0 has scores of CVSS 2 and 3 only. */
export function csafOf(advisory: Advisory): unknown {
  const { publisher, id, title, publishedAt, reportedAt, credits, cwe, severity, isFixed } = advisory;
  const product = 'CSAFPID-0001';
  const remediation = isFixed
    ? {
        category: 'vendor_fix',
        details: 'The service is fixed. Nothing is to be done by its users.',
        product_ids: [product],
      }
    : { category: 'none_available', details: 'No fix is deployed yet.', product_ids: [product] };
  return {
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      lang: 'en',
      title,
      distribution: { tlp: { label: 'WHITE' } },
      publisher: {
        category: 'vendor',
        name: publisher.name,
        namespace: publisher.namespace,
        contact_details: publisher.contact,
      },
      notes: [
        { category: 'summary', title: 'Summary', text: summaryOf(advisory) },
        ...(severity
          ? [{ category: 'other', title: 'CVSS 4.0', text: `${severity.vector}, score ${severity.score}` }]
          : []),
      ],
      references: [
        {
          category: 'self',
          summary: 'This advisory',
          url: `${publisher.namespace.replace(/\/$/, '')}/advisories/${id}.json`,
        },
      ],
      ...(credits.length > 0
        ? { acknowledgments: credits.map((name) => ({ names: [name], summary: 'Reported it' })) }
        : {}),
      tracking: {
        id,
        status: advisory.isPublished ? 'final' : 'draft',
        version: '1',
        initial_release_date: publishedAt,
        current_release_date: publishedAt,
        generator: { engine: { name: 'Leakproof' }, date: publishedAt },
        revision_history: [{ number: '1', date: publishedAt, summary: 'First version.' }],
      },
    },
    product_tree: {
      branches: [
        {
          category: 'vendor',
          name: publisher.name,
          branches: [
            {
              category: 'product_name',
              name: publisher.product,
              branches: [
                {
                  category: 'product_version',
                  name: 'hosted',
                  product: { product_id: product, name: `${publisher.name} ${publisher.product} hosted` },
                },
              ],
            },
          ],
        },
      ],
    },
    vulnerabilities: [
      {
        title,
        cwe,
        discovery_date: reportedAt,
        ids: [{ system_name: `${publisher.name} case`, text: advisory.caseId }],
        notes: [{ category: 'description', title: 'Description', text: summaryOf(advisory) }],
        product_status: isFixed ? { fixed: [product] } : { known_affected: [product] },
        remediations: isFixed ? [] : [remediation],
        involvements: [{ party: 'vendor', status: isFixed ? 'completed' : 'in_progress', date: publishedAt }],
      },
    ].map((each) => removeEmpty(each)),
  };
}

function removeEmpty(value: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => !Array.isArray(each) || each.length > 0));
}
