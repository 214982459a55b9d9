import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { ToolRegistry } from '@action-mesh/admission';
import type { Tool } from '@action-mesh/contracts/catalog';
import { importDocument } from '@action-mesh/openapi';
import { sampleTool } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { KnownTools } from './known-tools.js';
import { ToolSearch } from './tool-search.js';

// The test imports the whole document of GitHub, which takes several seconds on a busy machine.
jest.setTimeout(120_000);

const document = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');

/** Tools with one noun that mention each other, as in real APIs. */
const orders: readonly [slug: string, title: string, description: string][] = [
  [
    'create_order',
    'Create an order',
    'Creates an order. To cancel the order later, call the order cancellation.',
  ],
  ['get_order', 'Get an order', 'Returns one order, also after a cancel of the order.'],
  ['list_orders', 'List orders', 'Open, shipped and cancelled orders of the shop.'],
  ['update_order', 'Update an order', 'Changes an order that is open. Does not cancel the order.'],
  ['cancel_order', 'Cancel an order', 'Ends it.'],
  ['delete_order', 'Delete an order', 'Removes the order for good; cancel the order before.'],
  ['ship_order', 'Ship an order', 'Hands the order to the carrier; nobody can cancel the order then.'],
];

function searchOf(tools: readonly Tool[]): ToolSearch {
  const registry = new ToolRegistry();
  for (const tool of tools) registry.put(tool);
  return new ToolSearch(new KnownTools(registry, { missing: undefined }));
}

const slugs = async (search: ToolSearch, text: string): Promise<string[]> =>
  (await search.find({ text, limit: 3 })).tools.map(({ slug }) => slug);

describe('among tools with the same noun', () => {
  const search = searchOf(
    orders.map(([slug, title, description]) =>
      sampleTool({ slug: `shop_${slug}`, toolkit: 'shop', version: '1.0.0', title, description, tags: [] }),
    ),
  );

  it.each([
    ['cancel order', 'cancel_order'],
    ['abort an order', 'cancel_order'],
    ['please cancel my order', 'cancel_order'],
    ['place an order', 'create_order'],
    ['make a new order', 'create_order'],
    ['remove an order', 'delete_order'],
    ['show me an order', 'get_order'],
    ['change the order', 'update_order'],
    ['edit order', 'update_order'],
    ['ship order', 'ship_order'],
    ['how do I see an order', 'get_order'],
  ])('the verb decides: "%s" is first %s', async (text, slug) => {
    expect((await slugs(search, text))[0]).toBe(`shop_${slug}`);
  });

  it('finds all of them when the search has no verb', async () => {
    await expect(search.find({ text: 'order' })).resolves.toMatchObject({ total: orders.length });
  });
});

describe('among tools without titles', () => {
  const operation = (method: string, operationId: string) => ({ [method]: { operationId } });
  const { tools } = importDocument(
    {
      openapi: '3.0.3',
      info: { title: 'Shop', version: '1' },
      servers: [{ url: 'https://api.shop.test' }],
      paths: {
        '/orders': { ...operation('post', 'orderCreate'), ...operation('get', 'orderList') },
        '/orders/{id}': { ...operation('get', 'orderShow'), ...operation('delete', 'orderDelete') },
        '/orders/{id}/cancel': operation('post', 'orderCancel'),
      },
    },
    { toolkit: 'shop' },
  );
  const search = searchOf(tools);

  it.each([
    ['cancel order', 'shop_order_cancel'],
    ['create order', 'shop_order_create'],
    ['open an order', 'shop_order_create'],
    ['delete order', 'shop_order_delete'],
    ['list orders', 'shop_order_list'],
  ])('"%s" is first %s', async (text, slug) => {
    expect((await slugs(search, text))[0]).toBe(slug);
  });
});

describe('among all tools of GitHub', () => {
  let search: ToolSearch;
  beforeAll(() => {
    search = searchOf(importDocument(readFileSync(document, 'utf8'), { toolkit: 'github' }).tools);
  });

  it.each([
    ['open an issue', 'github_issues_create'],
    ['open issue', 'github_issues_create'],
    ['file an issue', 'github_issues_create'],
    ['open a pull request', 'github_pulls_create'],
    ['merge a pull request', 'github_pulls_merge'],
    ['cancel a workflow run', 'github_actions_cancel_workflow_run'],
    ['delete a workflow run', 'github_actions_delete_workflow_run'],
  ])('"%s" is first %s', async (text, slug) => {
    expect((await slugs(search, text))[0]).toBe(slug);
  });

  it('"list open issues" asks for issues that are open, and opens none', async () => {
    expect(await slugs(search, 'list open issues of a repository')).not.toContain('github_issues_create');
  });
});
