import { readFile } from 'node:fs/promises';

import { callerHeaders } from '@action-mesh/contracts';
import type { Tool } from '@action-mesh/contracts/catalog';
import { sampleTool } from '@action-mesh/testing';

import { FakeCatalogStore } from '../../application/catalog-store.fake.js';
import { FakeCatalogTopics } from '../../application/catalog-topics.fake.js';
import { ImportToolkit } from '../../application/import-toolkit.js';
import { PublishCatalog } from '../../application/publish-catalog.js';
import { ReviewOverrides } from '../../application/review-overrides.js';
import { SettleToolkit } from '../../application/settle-toolkit.js';
import { ToolkitChanges } from '../../application/toolkit-changes.js';
import { OverridesController } from './overrides.controller.js';

const source = { document: 'crm.json', title: 'CRM', digest: 'a'.repeat(64), select: [] };
const text = { type: 'string' } as const;
const tool: Tool = sampleTool({
  slug: 'crm_create_contact',
  input: {
    type: 'object',
    properties: { email: text, stage: text, source: text, debug: text },
    required: ['email', 'source'],
    additionalProperties: false,
  },
  examples: [],
  http: { method: 'POST', path: '/contacts', parameters: [], headers: {} },
  effect: { class: 'opaque' },
});

const by = (holder: string): Record<string, string> =>
  callerHeaders({ tenantId: 'default', holder, scopes: new Set() });

async function imported() {
  const store = new FakeCatalogStore();
  const topics = new FakeCatalogTopics();
  const publishCatalog = new PublishCatalog(store, topics, {
    providerUrls: {},
    owner: 'default',
    followLatest: false,
  });
  const changes = new ToolkitChanges();
  const settleToolkit = new SettleToolkit(store, publishCatalog, changes, () => '2026-11-25');
  await new ImportToolkit(store, settleToolkit).run('crm', { source, tools: [tool] });
  return { topics, overrides: new OverridesController(new ReviewOverrides(store, settleToolkit, changes)) };
}

describe('the override in the README', () => {
  it('is valid, and changes every part that it names', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const [, json = ''] = /<<'JSON'\n(.*?)\nJSON\n/s.exec(readme) ?? [];
    const { topics, overrides } = await imported();
    await overrides.propose('crm', tool.slug, JSON.parse(json), by('ada'));
    await overrides.approve('crm', tool.slug, 1, undefined, by('grace'));
    expect(topics.tools.get('crm_add_contact@1.0.0')).toMatchObject({
      title: 'Add a contact',
      tags: ['contacts'],
      aliases: ['crm_create_contact'],
      effect: { class: 'keyed' },
      retry: { max_attempts: 5 },
      timeout_ms: 20_000,
      examples: [{ description: 'A lead' }],
      input: { properties: { stage: { enum: ['lead', 'customer'] } }, required: ['email'] },
      presets: { stage: { value: 'lead' }, source: { value: 'agent', fixed: true } },
    });
  });
});

describe('an override', () => {
  const proposal = { patch: { title: 'Add a contact' } };
  type Send = (overrides: OverridesController, headers: Record<string, string>, body: object) => unknown;
  const requests: [string, Send][] = [
    ['propose', (to, headers, body) => to.propose('crm', tool.slug, { ...proposal, ...body }, headers)],
    ['approve', (to, headers, body) => to.approve('crm', tool.slug, 1, body, headers)],
    ['reject', (to, headers, body) => to.reject('crm', tool.slug, 1, body, headers)],
  ];

  it('names the holders of the keys, and needs two of them', async () => {
    const { overrides } = await imported();
    await overrides.propose('crm', tool.slug, proposal, by('Ada Łódź'));
    const own = overrides.approve('crm', tool.slug, 1, {}, by('Ada Łódź'));
    await expect(own).rejects.toMatchObject({ status: 409 });
    await expect(overrides.approve('crm', tool.slug, 1, {}, by('grace'))).resolves.toMatchObject({
      override: { author: 'Ada Łódź', reviewer: 'grace' },
    });
  });

  it.each(requests)('takes no name from a body, and no request without a caller: %s', async (_, send) => {
    const { overrides } = await imported();
    await overrides.propose('crm', tool.slug, proposal, by('ada'));
    const sent = (headers: Record<string, string>, body: object): Promise<unknown> =>
      Promise.resolve().then(() => send(overrides, headers, body));
    await expect(sent(by('grace'), { by: 'eve' })).rejects.toMatchObject({ status: 422 });
    await expect(sent({ 'x-mesh-tenant': 'acme' }, {})).rejects.toMatchObject({ status: 400 });
    await expect(sent({ 'x-mesh-holder': 'grace' }, {})).rejects.toMatchObject({ status: 400 });
  });
});
