import type { RecordedAdministration } from '@action-mesh/contracts/audit';
import type { IncomingRecord } from '@action-mesh/messaging';

import { administrationEntry } from './other-entries.js';

const act: RecordedAdministration = {
  act_id: '01998c5e-7000-7333-9444-555566667777',
  phase: 'result',
  tenant_id: 'acme',
  holder: 'ada',
  route: 'putLimit',
  scope: 'limits:admin',
  method: 'PUT',
  target: '/v1/limits/slack',
  from: '127.0.0.1',
  at: '2026-11-30T10:00:00.000Z',
};

const record: IncomingRecord = {
  topic: 'mesh.audit',
  partition: 0,
  offset: 7n,
  timestampMs: 0,
  key: Buffer.from('acme'),
  value: Buffer.from(JSON.stringify(act)),
  headers: {},
};

describe('the end of an administrative act', () => {
  it.each([
    [200, 'done'],
    [303, 'done'],
    [400, 'refused'],
    [499, 'refused'],
    [500, 'unknown'],
    [504, 'unknown'],
  ])('with HTTP %d is %s', (status, expected) => {
    expect(administrationEntry({ ...act, status }, record)).toMatchObject({ status: expected });
  });

  it('is not there yet with its intent', () => {
    expect(administrationEntry({ ...act, phase: 'intent' }, record)).toMatchObject({ status: 'begun' });
  });
});
