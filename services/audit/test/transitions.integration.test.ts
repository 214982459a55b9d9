import { AdministrationRecorded } from '@action-mesh/contracts/audit';
import { ConnectionChanged } from '@action-mesh/contracts/auth-broker';
import { CallDead, CallOutcome } from '@action-mesh/contracts/executor';
import {
  AwaitedCallAccepted,
  BulkCallAccepted,
  CallAccepted,
  TriggerFired,
} from '@action-mesh/contracts/gateway';
import { topics } from '@action-mesh/contracts';
import { WebhookEndpointDisabled } from '@action-mesh/contracts/webhooks';
import { eventType, type EventDefinition } from '@action-mesh/kernel';
import {
  CloudEventHeader,
  DeadLetterHeader,
  KafkaProducer,
  type OutgoingRecord,
} from '@action-mesh/messaging';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { AuditStage } from './audit-stage.js';
import { fixtureOf } from './fixtures.js';

let stage: AuditStage;
beforeAll(async () => {
  stage = await AuditStage.start();
});
afterAll(() => stage[Symbol.asyncDispose]());
leakCheck();

interface StoredEntry {
  readonly tenant_id: string;
  readonly kind: string;
  readonly body: string;
  readonly content: string | null;
}

async function stored(): Promise<readonly StoredEntry[]> {
  const { rows } = await stage.pool.query<StoredEntry>(
    'SELECT tenant_id, kind, body, content FROM entry ORDER BY tenant_id, seq',
  );
  return rows;
}

function recordOf(
  definition: EventDefinition,
  changed: Readonly<Record<string, unknown>> = {},
): OutgoingRecord {
  const { key, headers, value } = fixtureOf(eventType(definition));
  return {
    topic: definition.topic,
    key,
    headers,
    value: Buffer.from(JSON.stringify({ ...value, ...changed })),
  };
}

describe('audit on real topics', () => {
  it('I13: makes one entry of each record that tells a transition, also when it comes again and after a restart', async () => {
    const producer = new KafkaProducer({
      client: stage.config().kafka,
      topics: Object.values(topics).map(({ name }) => name),
    });
    const told = [
      recordOf(CallAccepted),
      recordOf(AwaitedCallAccepted, { call_id: '01998c5e-7000-7333-9444-555566667001' }),
      recordOf(BulkCallAccepted, { call_id: '01998c5e-7000-7333-9444-555566667002' }),
      recordOf(CallOutcome),
      recordOf(ConnectionChanged),
      recordOf(TriggerFired),
      recordOf(WebhookEndpointDisabled),
      recordOf(AdministrationRecorded),
    ];
    const letter: OutgoingRecord = {
      topic: topics.deadLetters.name,
      key: 'k',
      value: Buffer.from('{'),
      headers: {
        [CloudEventHeader.type]: 'mesh.call.submitted.v1',
        [DeadLetterHeader.deadLetterId]: 'mesh.ingress/3/17',
        [DeadLetterHeader.errorCode]: 'INVALID_JSON',
        [DeadLetterHeader.errorMessage]: 'the value is not JSON',
      },
    };
    const unreadable: OutgoingRecord = { ...recordOf(CallOutcome), value: Buffer.from('{"call_id":7}') };
    {
      await using service = await stage.service();
      await producer.sendAll([...told, recordOf(CallDead), letter, unreadable]);
      await waitFor(async () => (await stored()).length >= told.length + 2, {
        what: 'the entries',
        timeoutMs: 20_000,
      });
      expect(service.url).toBeDefined();
    }
    {
      await using service = await stage.service();
      await producer.sendAll([...told, recordOf(CallDead), letter]);
      const last = recordOf(ConnectionChanged, { seq: 99, change: 'revoked', state: 'revoked' });
      await producer.send(last);
      await waitFor(async () => (await stored()).length >= told.length + 3, {
        what: 'the entries',
        timeoutMs: 20_000,
      });
      expect(service.url).toBeDefined();
    }
    await producer.close();
    const entries = await stored();
    expect(entries.map(({ tenant_id: tenant, kind }) => `${tenant} ${kind}`).sort()).toEqual(
      [
        '- record.refused',
        '- record.unreadable',
        ...['accepted', 'accepted', 'accepted', 'compensated'].map((status) => `t-1 call.${status}`),
        'acme connection.needs_reauth',
        'acme connection.revoked',
        't-1 trigger.fired',
        'acme webhook_endpoint.disabled',
        't-1 administration.result',
      ].sort(),
    );
    for (const tenantId of ['t-1', 'acme', '-'])
      expect((await stage.verify({ tenantId }))?.problem).toBeUndefined();
  });
});
