import { childSpan, defineEvent, isId } from '@action-mesh/kernel';
import fc from 'fast-check';
import { z } from 'zod';

import { decodeEvent, encodeEvent, encodeTombstone } from './codec.js';
import type { IncomingRecord, OutgoingRecord } from './wire.js';

const event = defineEvent({
  topic: 'test.things',
  type: 'test.thing.seen',
  version: 2,
  description: 'a thing was seen',
  key: (data) => data.id,
  schema: z.object({ id: z.string(), note: z.string().optional() }),
});

const received = (record: OutgoingRecord): IncomingRecord => ({
  topic: record.topic,
  partition: 0,
  offset: 7n,
  timestampMs: 123,
  key: record.key === null ? null : Buffer.from(record.key),
  value: record.value,
  headers: record.headers,
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('encodeEvent', () => {
  it('follows the CloudEvents Kafka binding in binary mode', () => {
    const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true, state: 'vendor=1' };
    const record = encodeEvent(
      event,
      { id: 'thing' },
      {
        source: '/services/test',
        id: 'one',
        timeMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
        trace,
        headers: { 'mesh-attempt': '2' },
      },
    );
    expect(record).toEqual({
      topic: 'test.things',
      key: 'thing',
      value: Buffer.from('{"id":"thing"}'),
      headers: {
        ce_id: 'one',
        ce_type: 'test.thing.seen.v2',
        ce_source: '/services/test',
        ce_specversion: '1.0',
        ce_time: '2026-01-02T03:04:05.006Z',
        'content-type': 'application/json',
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        tracestate: 'vendor=1',
        'mesh-attempt': '2',
      },
    });
  });

  it('gives an event an id and a time', () => {
    const { headers } = encodeEvent(event, { id: 'x' }, { source: '/test' });
    expect(isId(headers['ce_id'] ?? '')).toBe(true);
    expect(Math.abs(Date.now() - Date.parse(headers['ce_time'] ?? ''))).toBeLessThan(5_000);
    expect(headers).not.toHaveProperty('traceparent');
  });

  it('makes tombstones', () => {
    expect(encodeTombstone(event, 'x')).toEqual({ topic: 'test.things', key: 'x', value: null, headers: {} });
  });
});

describe('decodeEvent', () => {
  it('returns the encoded event', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.nat(), (id, note, timeMs) => {
        const trace = childSpan();
        const record = received(
          encodeEvent(event, { id, note }, { source: '/test', id: 'e', timeMs, trace }),
        );
        expect(decodeEvent(event, record)).toMatchObject({
          data: { id, note },
          id: 'e',
          timeMs,
          source: '/test',
          trace,
        });
      }),
    );
  });

  it('takes the time of the record for an event without one, and a content type with parameters', () => {
    const record = received(encodeEvent(event, { id: 'x' }, { source: '/test' }));
    const { ce_time: _, ...headers } = record.headers;
    const decoded = decodeEvent(event, {
      ...record,
      headers: { ...headers, 'content-type': 'application/JSON; charset=utf-8', traceparent: 'nonsense' },
    });
    expect(decoded.timeMs).toBe(123);
    expect(decoded.trace).toBeUndefined();
  });

  const good = received(encodeEvent(event, { id: 'x' }, { source: '/test' }));
  const header = (name: string, value: string): IncomingRecord => ({
    ...good,
    headers: { ...good.headers, [name]: value },
  });
  it.each<readonly [string, IncomingRecord]>([
    ['MISSING_HEADER', header('ce_id', '')],
    ['MISSING_HEADER', { ...good, headers: {} }],
    ['UNKNOWN_EVENT_TYPE', header('ce_type', 'test.thing.seen.v1')],
    ['UNSUPPORTED_CONTENT_TYPE', header('content-type', 'application/avro')],
    ['UNSUPPORTED_CONTENT_TYPE', header('content-type', 'application/json; charset=utf-16')],
    ['UNSUPPORTED_CONTENT_TYPE', header('content-type', 'application/json;v=1;CHARSET="iso-8859-1"')],
    ['UNSUPPORTED_CONTENT_TYPE', header('content-type', 'application/json; charset=utf-8; charset=utf-16')],
    ['INVALID_TIME', header('ce_time', 'yesterday')],
    ['NULL_KEY', { ...good, key: null }],
    ['NULL_VALUE', { ...good, value: null }],
    ['RECORD_TOO_LARGE', { ...good, value: Buffer.alloc(1_000_000) }],
    ['TOO_DEEP', { ...good, value: Buffer.from('[{"a":'.repeat(100_000)) }],
    ['INVALID_JSON', { ...good, value: Buffer.from('') }],
    ['INVALID_JSON', { ...good, value: Buffer.from('{"id":"secret') }],
    ['SCHEMA_VIOLATION', { ...good, value: Buffer.from('null') }],
    ['SCHEMA_VIOLATION', { ...good, value: Buffer.from('{"id":{"secret":1}}') }],
  ])('refuses a record with the reason %s, and quotes nothing of it', (reason, record) => {
    const error = thrownBy(() => decodeEvent(event, record));
    expect(error).toMatchObject({ code: 'MESSAGING_UNDECODABLE_RECORD', reason, retry: 'terminal' });
    expect(String(error)).not.toContain('secret');
  });

  it('throws no other error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeEvent(event, { ...good, value: Buffer.from(bytes) });
        } catch (error) {
          expect(error).toMatchObject({ code: 'MESSAGING_UNDECODABLE_RECORD' });
        }
      }),
    );
  });

  it('survives JSON that is nested without end', () => {
    const value = Buffer.from('['.repeat(400_000));
    expect(thrownBy(() => decodeEvent(event, { ...good, value }))).toMatchObject({ reason: 'TOO_DEEP' });
  });
});
