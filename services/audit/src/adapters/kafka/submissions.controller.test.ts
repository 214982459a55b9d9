import { publisherTokenHeader } from '@action-mesh/contracts/gateway';
import { IdentityDirectory } from '@action-mesh/identity';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import type { IncomingRecord, RecordContext } from '@action-mesh/messaging';

import { RecordEntries } from '../../application/record-entries.js';
import type { NewEntry } from '../../domain/new-entry.js';
import { SubmissionsController } from './submissions.controller.js';

const call = {
  call_id: '01998c5e-7000-7333-9444-555566667777',
  user_id: 'ada',
  tool: { slug: 'crm_update_contact' },
  arguments: { id: 7 },
} as const;

function submission(token: string | undefined): IncomingRecord {
  return {
    topic: 'mesh.ingress',
    partition: 3,
    offset: 17n,
    timestampMs: Date.parse('2026-11-30T10:00:00Z'),
    key: Buffer.from(call.call_id),
    value: Buffer.from(JSON.stringify(call)),
    headers: token === undefined ? {} : { [publisherTokenHeader]: token },
  };
}

function stage() {
  const directory = new IdentityDirectory('dev');
  const recorded: NewEntry[] = [];
  const entries = new RecordEntries({
    append: (given) => Promise.resolve(given.map((entry) => recorded.push(entry) > 0)),
  });
  const controller = new SubmissionsController(entries, directory);
  const take = (token?: string) =>
    controller.onSubmitted(call, { record: submission(token) } as unknown as RecordContext);
  return { directory, recorded, take };
}

const publisher = sampleKey('acme', { use: 'publisher' });

describe('a submission on mesh.ingress', () => {
  it('becomes an entry of the tenant of its token', async () => {
    const { directory, recorded, take } = stage();
    directory.put(sampleTenant('acme'));
    directory.put(publisher.identity);
    directory.complete();
    expect(await take(publisher.key)).toEqual({ kind: 'ack' });
    expect(recorded).toMatchObject([{ tenantId: 'acme', kind: 'call.submitted', callId: call.call_id }]);
  });

  it('waits until the tokens are known', async () => {
    const { recorded, take } = stage();
    expect(await take(publisher.key)).toMatchObject({ kind: 'retry' });
    expect(recorded).toEqual([]);
  });

  it('is not lost when its token was revoked or has expired before audit reads it (I13)', async () => {
    const expired = sampleKey('acme', { use: 'publisher', expires_at: '2026-11-30T09:00:00Z' });
    const { directory, take } = stage();
    directory.put(sampleTenant('acme'));
    directory.put(expired.identity);
    directory.complete();
    const faults: [token: string | undefined, message: RegExp][] = [
      [publisher.key, /unknown$/],
      [expired.key, /expired$/],
      [sampleKey('acme').key, /wrong use$/],
      ['no token', /damaged$/],
      [undefined, /missing$/],
    ];
    for (const [token, message] of faults)
      expect(await take(token)).toEqual({
        kind: 'deadLetter',
        reason: 'PUBLISHER_TOKEN_INVALID',
        message: expect.stringMatching(message) as string,
      });
  });
});
