import type { JsonValue } from '@action-mesh/kernel';

import { readCallRequest, readToolCall, withIdempotencyKey } from './call-request.js';
import { RequestRefusedError } from './gateway.errors.js';

function placesOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof RequestRefusedError) {
      return error.problems.map(({ pointer, message }) => `${pointer} ${message}`);
    }
    throw error;
  }
  return [];
}

const good = { user_id: 'u1', tool: { slug: 'a_tool' }, arguments: { x: 1 } };

describe('readCallRequest', () => {
  it('reads a call', () => expect(readCallRequest(good)).toEqual(good));

  it('names every missing or unknown member by its pointer', () => {
    expect(placesOf(() => readCallRequest({ tool: { slug: 'a_tool', 'x/y': 1 }, extra: true }))).toEqual([
      '/user_id is required and missing',
      '/tool/x~1y is not a member of a call',
      '/arguments is required and missing',
      '/extra is not a member of a call',
    ]);
  });

  it.each<JsonValue>([null, 1, 'text', [], true])('refuses %j as a whole', (json) => {
    expect(placesOf(() => readCallRequest(json))).toHaveLength(1);
  });

  it.each<[string, JsonValue]>([
    ['/user_id', { ...good, user_id: '' }],
    ['/user_id', { ...good, user_id: 'a\u0000b' }],
    ['/user_id', { ...good, user_id: 'x'.repeat(201) }],
    ['/tool/slug', { ...good, tool: { slug: 'Not A Slug' } }],
    ['/tool/version', { ...good, tool: { slug: 'a_tool', version: 'newest' } }],
    ['/arguments', { ...good, arguments: [] }],
    ['/call_id', { ...good, call_id: '2f3b3c1e-8f3a-4c6a-9b52-0f6f1f0f5a11' }],
    ['/scope', { ...good, scope: 'window:0m' }],
    ['/mode', { ...good, mode: 'wet' }],
    ['/deadline', { ...good, deadline: 'tomorrow' }],
    ['/agent/step', { ...good, agent: { id: 'a', step: -1 } }],
  ])('refuses a wrong %s', (pointer, json) => {
    expect(new Set(placesOf(() => readCallRequest(json)).map((place) => place.split(' ', 1)[0]))).toEqual(
      new Set([pointer]),
    );
  });

  it('bounds its answer to a hostile body', () => {
    const json = {
      ...good,
      ...Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`m${index}`, 1])),
    };
    expect(placesOf(() => readCallRequest(json))).toHaveLength(20);
  });
});

describe('readToolCall', () => {
  it('takes the tool from the address and the version from the body', () => {
    const { tool: _tool, ...body } = good;
    expect(readToolCall('a_tool', body)).toEqual(good);
    expect(readToolCall('a_tool', { ...body, version: '1.0.0' }).tool).toEqual({
      slug: 'a_tool',
      version: '1.0.0',
    });
  });

  it('refuses a body that names a tool itself', () => {
    expect(placesOf(() => readToolCall('a_tool', good))).toEqual(['/tool is not a member of a call']);
  });
});

describe('withIdempotencyKey', () => {
  it('takes the header as the member, and accepts the same key in both', () => {
    expect(withIdempotencyKey(good, 'k').idempotency_key).toBe('k');
    expect(withIdempotencyKey({ ...good, idempotency_key: 'k' }, 'k').idempotency_key).toBe('k');
    expect(withIdempotencyKey({ ...good, idempotency_key: 'k' }, undefined).idempotency_key).toBe('k');
  });

  it('refuses two different keys', () => {
    expect(() => withIdempotencyKey({ ...good, idempotency_key: 'k' }, 'other')).toThrow(
      expect.objectContaining({ refusal: 'idempotency_key_mismatch' }) as Error,
    );
  });
});
