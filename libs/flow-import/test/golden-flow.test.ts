import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { importFlow, type FlowImport } from '../src/index.js';
import { goldenCatalogue } from './catalogue.js';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const imported = (name: string) => importFlow({ text: fixture(name), name, catalogue: goldenCatalogue });

/** The TypeScript of a draft without its comments. */
function code({ files }: FlowImport): Record<string, string> {
  const drafts = files.filter(({ path }) => path.endsWith('.ts'));
  const bare = (text: string) =>
    text
      .split('\n')
      .filter((line) => !/^\s*\/\//.test(line))
      .join('\n');
  return Object.fromEntries(drafts.map(({ path, text }) => [path, bare(text)]));
}

const formats = ['lead.n8n.json', 'lead.make.json', 'lead.zapier.json'];

describe('the golden flow', () => {
  it.each(formats)('arrives from %s as the same code up to comments', (name) => {
    expect(code(imported(name))['new-lead.ts']).toBe(fixture('lead.draft.txt'));
    expect(code(imported(name))['tools.ts']).toBe(code(imported('lead.n8n.json'))['tools.ts']);
  });

  it.each(formats)('has one state for each node of %s, and nothing manual', (name) => {
    const { report } = imported(name);
    const { translated, check, manual, dropped } = report.counts;
    // Make keeps the filter within the module behind it.
    expect(translated + check + dropped).toBe(name === 'lead.make.json' ? 4 : 5);
    expect(manual).toBe(0);
    expect(report.isComplete).toBe(true);
    expect(report.workflows[0]?.wantedTools).toEqual([]);
  });

  it.each(formats)('gives the same bytes again from %s', (name) => {
    expect(imported(name)).toEqual(imported(name));
  });

  it('names the line of each node in the report', () => {
    const { files, report } = imported('lead.n8n.json');
    const lines = files.find(({ path }) => path === 'new-lead.ts')?.text.split('\n') ?? [];
    const placed = report.workflows[0]?.nodes.map(({ title, place }) => [
      title,
      lines[(place?.line ?? 0) - 1]?.trim(),
    ]);
    expect(placed).toEqual([
      ['new_lead_created', "on: trigger.webhook('new_lead_created'),"],
      [
        'Enrich lead',
        "const enrichLead = await run.call('enrich-lead', enrich_lead, { email: input?.email });",
      ],
      ['Good score', "if (!(toNumber(enrichLead?.score) > 49)) return run.end('Good score');"],
      [
        'Update contact',
        "await run.call('update-contact', crm_update_contact, { email: input?.email, name: input?.first_name, company: enrichLead?.company });",
      ],
      ['Tell sales', "await run.call('tell-sales', slack_send_message, {"],
    ]);
  });

  it('ends its report with sixteen lines of readiness, each with evidence', () => {
    const { files, report } = imported('lead.n8n.json');
    expect(report.readiness).toHaveLength(16);
    expect(report.readiness.every(({ evidence }) => evidence !== '')).toBe(true);
    const text = files.find(({ path }) => path === 'report.md')?.text ?? '';
    expect(text.slice(text.indexOf('## Readiness'))).toContain('| 16 |');
  });
});
