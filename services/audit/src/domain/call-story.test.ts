import type { AuditEntry } from '@action-mesh/contracts/audit';

import { tellStory } from './call-story.js';

const submitted: AuditEntry = {
  seq: 1,
  kind: 'call.submitted',
  at: '2026-11-30T10:00:00.000Z',
  recorded_at: '2026-11-30T10:00:00.000Z',
  call_id: '01998c5e-7000-7333-9444-555566667777',
  user_id: 'ada',
  tool: 'crm_update_contact',
  status: 'submitted',
  facts: {},
  hash: '0'.repeat(64),
};

const ended: AuditEntry = {
  ...submitted,
  seq: 2,
  kind: 'call.succeeded',
  at: '2026-11-30T10:00:01.000Z',
  tool_version: '1.4.0',
  status: 'succeeded',
  facts: { seq: 1 },
};

describe('the story of a call', () => {
  it('names the version that ran, also when the submission names none', () => {
    expect(tellStory([submitted, ended])).toMatchObject({ tool_version: '1.4.0' });
    expect(tellStory([submitted])).not.toHaveProperty('tool_version');
  });

  it('counts the duplicates that it does not tell', () => {
    expect(tellStory([submitted, ended])).not.toHaveProperty('duplicates');
    expect(tellStory([submitted, ended], 1)).toMatchObject({
      duplicates: 1,
      text: expect.stringContaining('submitted 2 times: 1 duplicate did not run') as string,
    });
  });
});
