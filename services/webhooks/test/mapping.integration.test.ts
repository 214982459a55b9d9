import type { FiredTrigger } from '@action-mesh/contracts/gateway';
import type { MappedCall } from '@action-mesh/contracts/webhooks';
import { newId } from '@action-mesh/kernel';

import { JsonataMapper } from '../src/adapters/jsonata/jsonata-mapper.js';

let mapper: JsonataMapper;
beforeAll(() => {
  mapper = new JsonataMapper();
});
afterAll(() => mapper[Symbol.asyncDispose]());

const event = (payload: FiredTrigger['payload']): FiredTrigger => ({
  trigger_id: newId(),
  tenant_id: 'acme',
  trigger: 'pushed',
  scheme: 'github',
  delivery_id: 'd-1',
  payload,
  headers: { 'x-github-event': 'push' },
  received_at: '2026-11-30T12:00:00.000Z',
});

const map = (payload: FiredTrigger['payload'], ...calls: Partial<MappedCall>[]) =>
  mapper.map(
    calls.map((call) => ({ tool: 'post', arguments: '{}', ...call })),
    event(payload),
  );

const patience = 90_000;

describe('a mapping', () => {
  it(
    'sees the payload, the headers, the delivery and the item',
    async () => {
      const mapped = await map(
        { repo: 'mesh', commits: [{ id: 'a' }, { id: 'b' }] },
        {
          when: '$headers."x-github-event" = "push"',
          for_each: 'commits',
          arguments: '{"text": $item.id & "@" & repo, "delivery": $delivery_id, "trigger": $trigger}',
          user_id: '"user-" & $item.id',
        },
        { when: 'repo = "other"' },
      );
      const rest = { delivery: 'd-1', trigger: 'pushed' };
      expect(mapped).toEqual({
        ok: true,
        results: [
          { entry: 0, arguments: { text: 'a@mesh', ...rest }, user_id: 'user-a' },
          { entry: 0, arguments: { text: 'b@mesh', ...rest }, user_id: 'user-b' },
        ],
      });
    },
    patience,
  );

  it(
    'takes a single item as a list, and none as no call',
    async () => {
      const each = { for_each: 'items[kind = "x"]', arguments: '{"n": $item.n}' };
      expect(await map({ items: [{ kind: 'x', n: 1 }] }, each)).toMatchObject({
        results: [{ arguments: { n: 1 } }],
      });
      expect(await map({ items: [] }, each)).toEqual({ ok: true, results: [] });
    },
    patience,
  );

  it.each<[string, Partial<MappedCall>, string]>([
    ['fails at run time', { arguments: '$number("x")' }, 'mapping_failed'],
    ['recurses for ever', { arguments: '($f := function($x){1 + $f($x)}; $f(1))' }, 'mapping_failed'],
    ['makes a huge list', { arguments: '{"a": [1..9999999]}' }, 'mapping_failed'],
    ['loops for ever', { arguments: '($f := function($x){$f($x)}; $f(1))' }, 'mapping_'],
    ['fills the memory', { arguments: '$map([1..10000], function($v){[1..90000]})' }, 'mapping_'],
    [
      'matches for ever',
      { arguments: '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a+)+$/)' },
      'mapping_',
    ],
    ['gives too much', { arguments: '{"a": $pad("", 2000000, "x")}' }, 'mapping_too_large'],
    ['gives too many calls', { for_each: '[1..101]' }, 'too_many_calls'],
  ])(
    'that %s fails by itself, and the next one works (JM1)',
    async (_what, call, reason) => {
      expect(await map({}, call)).toMatchObject({
        ok: false,
        reason: expect.stringContaining(reason) as unknown,
        detail: expect.any(String) as unknown,
      });
      expect(await map({ n: 1 }, { arguments: '{"n": n}' })).toMatchObject({ ok: true });
    },
    patience,
  );

  it(
    'delays no other one for longer than its deadline',
    async () => {
      const slow = Array.from({ length: 4 }, () =>
        map({}, { arguments: '($f := function($x){$f($x)}; $f(1))' }),
      );
      expect(await map({ n: 1 }, { arguments: '{"n": n}' })).toMatchObject({ ok: true });
      await Promise.all(slow);
    },
    patience,
  );

  it('with a mistake is refused with its place', () => {
    expect(mapper.problemOf('{"a": }')).toMatch(/^must be a JSONata expression: .*character 7/);
    expect(mapper.problemOf('('.repeat(5_000))).toMatch(/^must be a JSONata expression/);
    expect(mapper.problemOf('a.b[c > 1]')).toBeUndefined();
  });
});
