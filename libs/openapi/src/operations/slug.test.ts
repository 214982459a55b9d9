import fc from 'fast-check';
import { processorMsSince } from '@action-mesh/testing';

import type { Operation } from './operation.js';
import { slugsOf } from './slug.js';

const operation = (method: string, path: string, id?: string): Operation => ({
  method,
  path,
  id,
  tags: [],
  pointer: '',
  source: {},
  pathItem: {},
  pathPointer: '',
});

const named = (id: string | undefined, method = 'GET', path = '/a/{b}') =>
  [...slugsOf('acme', [operation(method, path, id)]).values()][0];
const one = (...args: Parameters<typeof named>): string | undefined => named(...args)?.slug;

describe('a slug', () => {
  it.each([
    ['issues/list-for-repo', 'acme_issues_list_for_repo'],
    ['listHTTPThings', 'acme_list_http_things'],
    ['Get Order.V2', 'acme_get_order_v2'],
    [undefined, 'acme_get_a'],
    ['заказ', 'acme_get_a'],
    ['', 'acme_get_a'],
  ])('of %j is %s', (id, expected) => {
    expect(one(id)).toBe(expected);
  });

  it.each([
    ['POST', '/v1/customers/{customer}', 'PostCustomersCustomer', 'update_customer'],
    ['POST', '/v1/customers', 'PostCustomers', 'create_customer'],
    ['GET', '/v1/customers/{customer}/cards/{id}', 'GetCustomersCustomerCardsId', 'get_customer_card'],
    ['DELETE', '/v1/boxes/{box}', 'DeleteBoxesBox', 'delete_box'],
    ['POST', '/v1/reviews/{review}/approve', 'PostReviewsReviewApprove', 'approve_review'],
    ['PUT', '/users/{user_id}/charge', 'put_users_id_charge', 'charge_user'],
    ['GET', '/policies', 'get_policies', 'list_policies'],
    ['GET', '/charges/search', undefined, 'search_charges'],
    ['POST', '/sendMessage', undefined, 'send_message'],
    ['PUT', '/api/v2/settings', undefined, 'set_settings'],
    ['PATCH', '/categories/{id}', '', 'update_category'],
  ])('of %s %s, called %j, names the action: %s', (method, path, id, deed) => {
    const found = named(id, method, path);
    expect(found?.slug).toBe(`acme_${deed}`);
    expect(found?.former).toMatch(new RegExp(`^acme_${method.toLowerCase()}_`));
  });

  it.each(['getThing', 'putThing', 'things/list'])('of an id that people chose is that id: %s', (id) => {
    expect(named(id, 'PUT', '/things/{id}')).not.toHaveProperty('former');
  });

  it('that two actions share belongs to neither of them', () => {
    const all = ['/a/{b}', '/a/{c}/'].map((path) => operation('GET', path));
    expect([...slugsOf('acme', all).values()]).toEqual([{ slug: 'acme_get_a_b' }, { slug: 'acme_get_a_c' }]);
  });

  it('that is too long ends in a hash of the whole, within 64 characters', () => {
    const [left, right] = ['one', 'two'].map((end) => one(`${'very-long-name-'.repeat(6)}${end}`));
    expect(left).toMatch(/^acme_very_long_name_very_long_name_very_long_name_[0-9a-f]{10}$/);
    expect(left).not.toBe(right);
  });

  it('that a hundred thousand operations share is resolved quickly', () => {
    const all = Array.from({ length: 100_000 }, (_, at) => operation('GET', `/a${at}`, 'same'));
    const before = process.cpuUsage();
    expect(new Set([...slugsOf('acme', all).values()].map(({ slug }) => slug)).size).toBe(100_000);
    expect(processorMsSince(before)).toBeLessThan(4_000);
  });

  const ids = fc.option(fc.oneof(fc.constantFrom('a', 'A', 'a-', 'list'), fc.string({ maxLength: 90 })), {
    nil: undefined,
  });
  const operations = fc.uniqueArray(
    fc.record({ method: fc.constantFrom('GET', 'PUT'), path: fc.stringMatching(/^\/[a-c]{0,3}$/), id: ids }),
    { selector: ({ method, path }) => `${method} ${path}`, maxLength: 12 },
  );

  it('is valid, unique, and independent of the order', () => {
    fc.assert(
      fc.property(operations, fc.nat(), (drawn, turn) => {
        const all = drawn.map(({ method, path, id }) => operation(method, path, id));
        const slugs = slugsOf('acme', all);
        const names = [...slugs.values()].flatMap(({ slug, former = [] }) => [slug].concat(former));
        expect(new Set(names).size).toBe(names.length);
        for (const slug of names) expect(slug).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
        const at = all.length === 0 ? 0 : turn % all.length;
        const turned = slugsOf('acme', [...all.slice(at), ...all.slice(0, at)]);
        for (const each of all) expect(turned.get(each)).toEqual(slugs.get(each));
      }),
    );
  });
});
