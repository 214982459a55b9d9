import fc from 'fast-check';

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

const one = (id: string | undefined, method = 'GET', path = '/a/{b}') =>
  [...slugsOf('acme', [operation(method, path, id)]).values()][0];

describe('a slug', () => {
  it.each([
    ['issues/list-for-repo', 'acme_issues_list_for_repo'],
    ['listHTTPThings', 'acme_list_http_things'],
    ['Get Order.V2', 'acme_get_order_v2'],
    [undefined, 'acme_get_a_b'],
    ['заказ', 'acme_get_a_b'],
    ['', 'acme_get_a_b'],
  ])('of %j is %s', (id, expected) => {
    expect(one(id)).toBe(expected);
  });

  it('that is too long ends in a hash of the whole, within 64 characters', () => {
    const [left, right] = ['one', 'two'].map((end) => one(`${'very-long-name-'.repeat(6)}${end}`));
    expect(left).toMatch(/^acme_very_long_name_.*_[0-9a-f]{10}$/);
    expect(left).toHaveLength(64);
    expect(left).not.toBe(right);
  });

  it('that a hundred thousand operations share takes no time to tell apart', () => {
    const all = Array.from({ length: 100_000 }, (_, at) => operation('GET', `/a${at}`, 'same'));
    const started = performance.now();
    expect(new Set(slugsOf('acme', all).values()).size).toBe(100_000);
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  const ids = fc.option(fc.oneof(fc.constantFrom('a', 'A', 'a-', 'list'), fc.string({ maxLength: 90 })), {
    nil: undefined,
  });
  const operations = fc.uniqueArray(
    fc.record({ method: fc.constantFrom('GET', 'PUT'), path: fc.stringMatching(/^\/[a-c]{0,3}$/), id: ids }),
    { selector: ({ method, path }) => `${method} ${path}`, maxLength: 12 },
  );

  it('is valid, nobody else has it, and it does not depend on the order', () => {
    fc.assert(
      fc.property(operations, fc.nat(), (drawn, turn) => {
        const all = drawn.map(({ method, path, id }) => operation(method, path, id));
        const slugs = slugsOf('acme', all);
        expect(new Set(slugs.values()).size).toBe(all.length);
        for (const slug of slugs.values()) expect(slug).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
        const at = all.length === 0 ? 0 : turn % all.length;
        const turned = slugsOf('acme', [...all.slice(at), ...all.slice(0, at)]);
        for (const each of all) expect(turned.get(each)).toBe(slugs.get(each));
      }),
    );
  });
});
