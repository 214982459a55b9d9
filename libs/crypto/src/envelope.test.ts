import { createSecretKey, randomBytes } from 'node:crypto';

import { additionalData } from './additional-data.js';
import { UnreadableSecretError } from './crypto.errors.js';
import { dataKeyIdOf, openEnvelope, sealEnvelope } from './envelope.js';

const id = '01998c50-0000-7a0b-8c0d-0e0f10111213';
const dataKey = { id, key: createSecretKey(randomBytes(32)) };
const place = additionalData(['acme', 'ada', 'github', 'c1', 'credential']);

describe('a sealed secret', () => {
  it.each([
    ['empty', ''],
    ['short', 'gho_1'],
    ['of a megabyte', 'é'.repeat(500_000)],
  ])('opens again: %s', (_, text) => {
    const record = sealEnvelope(dataKey, place, Buffer.from(text));
    expect(dataKeyIdOf(record)).toBe(id);
    expect(openEnvelope(dataKey, place, record).toString()).toBe(text);
  });

  it('never has the same bytes twice [EN1]', () => {
    const seal = (): string => sealEnvelope(dataKey, place, Buffer.from('x')).toString('hex');
    expect(new Set(Array.from({ length: 50 }, seal)).size).toBe(50);
  });

  it('does not open in another place or with another key [EN2]', () => {
    const record = sealEnvelope(dataKey, place, Buffer.from('secret'));
    for (const changed of [0, 1, 2, 3, 4]) {
      const parts = ['acme', 'ada', 'github', 'c1', 'credential'];
      parts[changed] = `${parts[changed]}x`;
      expect(() => openEnvelope(dataKey, additionalData(parts), record)).toThrow(UnreadableSecretError);
    }
    const stranger = { id, key: createSecretKey(randomBytes(32)) };
    expect(() => openEnvelope(stranger, place, record)).toThrow(UnreadableSecretError);
  });

  it('does not open when a byte was altered or is missing [EN3]', () => {
    const record = sealEnvelope(dataKey, place, Buffer.from('secret'));
    for (let at = 0; at < record.length; at += 1) {
      const altered = Buffer.from(record);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => openEnvelope(dataKey, place, altered)).toThrow(UnreadableSecretError);
      expect(() => openEnvelope(dataKey, place, record.subarray(0, at))).toThrow(UnreadableSecretError);
    }
  });
});
