import { sampleTool } from '@action-mesh/testing';
import { HttpException } from '@nestjs/common';

import { FakeCatalogStore } from '../../application/catalog-store.fake.js';
import { FakeCatalogTopics } from '../../application/catalog-topics.fake.js';
import { ImportToolkit } from '../../application/import-toolkit.js';
import { PublishCatalog } from '../../application/publish-catalog.js';
import { SettleToolkit } from '../../application/settle-toolkit.js';
import { ToolkitChanges } from '../../application/toolkit-changes.js';
import { ToolkitAdministration } from '../../application/toolkit-administration.js';
import { InternalToolkitsController } from './internal-toolkits.controller.js';

const source = { document: 'crm.json', title: 'CRM', digest: 'a'.repeat(64), select: [] };
const body = (...slugs: readonly string[]): unknown => ({
  source,
  tools: slugs.map((slug) =>
    sampleTool({
      slug,
      http: { method: 'POST', path: `/${slug}`, parameters: [], headers: {} },
      effect: { class: 'opaque' },
    }),
  ),
});

function controller() {
  const store = new FakeCatalogStore();
  const publishCatalog = new PublishCatalog(store, new FakeCatalogTopics(), {
    providerUrls: {},
    owner: 'default',
    followLatest: false,
  });
  const changes = new ToolkitChanges();
  const settleToolkit = new SettleToolkit(store, publishCatalog, changes, () => '2026-11-25');
  const toolkits = new InternalToolkitsController(
    new ToolkitAdministration(store, publishCatalog, changes),
    new ImportToolkit(store, settleToolkit),
  );
  return { store, toolkits };
}

describe('a comparison of two dates of a toolkit', () => {
  it('compares "stable" with the newest date by default', async () => {
    const { toolkits } = controller();
    await toolkits.import('crm', body('a', 'b'));
    await toolkits.import('crm', body('a'));
    await toolkits.import('crm', body('a', 'c'));
    const slugsOf = async (from?: string, to?: string): Promise<string[]> =>
      (await toolkits.compare('crm', from, to)).changes.map(({ slug }) => slug);
    await expect(slugsOf()).resolves.toEqual(['b', 'c']);
    await expect(slugsOf('', '')).resolves.toEqual(['b', 'c']);
    await expect(slugsOf('2026-11-25.2')).resolves.toEqual(['c']);
    await expect(slugsOf(undefined, '2026-11-25.2')).resolves.toEqual(['b']);
  });

  it('names the missing date in its refusal', async () => {
    const { store, toolkits } = controller();
    await store.commit({ name: 'crm', origin: 'code', revision: 0 });
    const refused = await toolkits.compare('crm').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HttpException);
    expect((refused as HttpException).getStatus()).toBe(422);
    expect((refused as HttpException).getResponse()).toMatchObject({
      code: 'CATALOG_INVALID',
      problems: [{ pointer: '/from' }, { pointer: '/to' }],
    });
  });
});
