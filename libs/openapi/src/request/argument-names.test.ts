import { buildRequest } from '@action-mesh/tools';

import { importSample, sampleDocument } from '../sample-document.fake.js';

const date = (name: string) => ({
  name,
  in: 'query',
  description: 'A date.',
  schema: { type: 'string', format: 'date' },
});

describe('names that differ only in symbols', () => {
  const parameters = ['Sent', 'Sent<', 'Sent>', 'Sent<=', 'Size!='].map(date);
  const { tools } = importSample(
    sampleDocument({ '/calls': { get: { operationId: 'listCalls', parameters } } }),
  );
  const [tool] = tools;

  it('get words, in the name and in the description', () => {
    const described = Object.entries(tool?.input['properties'] as Record<string, { description: string }>);
    expect(described.map(([name, { description }]) => [name, description])).toEqual([
      ['Sent', 'A date. (format: date)'],
      ['Sent_before', 'Before, or below, the given value. A date. (format: date)'],
      ['Sent_after', 'After, or above, the given value. A date. (format: date)'],
      ['Sent_until', 'Up to the given value, and that one. A date. (format: date)'],
      ['Size_not', 'Other than the given value. A date. (format: date)'],
    ]);
  });

  it("are sent under the provider's names", () => {
    if (tool === undefined) throw new Error('there is no tool');
    expect(buildRequest(tool, { Sent_before: '2026-01-02' }).url).toMatch(/\?Sent%3C=2026-01-02$/);
  });
});

it('a toolkit of a document with only a sandbox has that in its name and in its report', () => {
  const { report } = importSample(
    {
      ...sampleDocument({ '/orders': { get: {} } }),
      info: { title: 'Orders', version: '1' },
      servers: [{ url: 'https://sandbox.acme.com' }],
    },
    { toolkit: undefined as unknown as string },
  );
  expect(report.toolkit).toBe('acme_orders_sandbox');
  expect(report.warnings.map(({ code }) => code)).toEqual(['sandbox_server']);
});
