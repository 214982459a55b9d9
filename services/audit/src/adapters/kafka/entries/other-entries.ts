import { AdministrationRecorded, type RecordedAdministration } from '@action-mesh/contracts/audit';
import { ConnectionChanged, type ChangedConnection } from '@action-mesh/contracts/auth-broker';
import { TriggerFired, type FiredTrigger } from '@action-mesh/contracts/gateway';
import { WebhookEndpointDisabled, type DisabledWebhookEndpoint } from '@action-mesh/contracts/webhooks';
import type { IncomingRecord } from '@action-mesh/messaging';

import type { NewEntry } from '../../../domain/new-entry.js';
import { entryContent } from './entry-content.js';
import { recordPlace } from './record-place.js';

/** The entry of a changed connection. */
export function connectionEntry(changed: ChangedConnection, record: IncomingRecord): NewEntry {
  const { tenant_id: tenantId, user_id: userId, at, change, account, ...facts } = changed;
  return {
    ...recordPlace(ConnectionChanged, record),
    tenantId,
    kind: `connection.${change}`,
    at,
    userId,
    status: changed.state,
    facts,
    content: entryContent({ account }),
  };
}

/** The entry of an event from outside. Its payload may be about anybody, so it is content of the tenant. */
export function triggerEntry(fired: FiredTrigger, record: IncomingRecord): NewEntry {
  return {
    ...recordPlace(TriggerFired, record),
    tenantId: fired.tenant_id,
    kind: 'trigger.fired',
    at: fired.received_at,
    facts: { trigger_id: fired.trigger_id, trigger: fired.trigger, scheme: fired.scheme },
    content: entryContent({
      delivery_id: fired.delivery_id,
      content_digest: fired.content_digest,
      payload: fired.payload,
      headers: fired.headers,
    }),
  };
}

/** The entry of a disabled endpoint of outgoing webhooks. */
export function endpointEntry(disabled: DisabledWebhookEndpoint, record: IncomingRecord): NewEntry {
  return {
    ...recordPlace(WebhookEndpointDisabled, record),
    tenantId: disabled.tenant_id,
    kind: 'webhook_endpoint.disabled',
    at: disabled.at,
    facts: {
      endpoint_id: disabled.endpoint_id,
      reason: disabled.reason,
      failing_since: disabled.failing_since,
    },
    content: entryContent({ last_failure: disabled.last_failure }),
  };
}

/** The entry of an act at an administrative route. Name, address and request belong to the person who acted. */
export function administrationEntry(act: RecordedAdministration, record: IncomingRecord): NewEntry {
  return {
    ...recordPlace(AdministrationRecorded, record),
    tenantId: act.tenant_id,
    kind: `administration.${act.phase}`,
    at: act.at,
    userId: act.holder,
    status: endOfAct(act.status),
    facts: {
      act_id: act.act_id,
      key_id: act.key_id,
      route: act.route,
      scope: act.scope,
      method: act.method,
      status_code: act.status,
      problem: act.problem,
    },
    content: entryContent({ target: act.target, from: act.from, body: act.body }),
  };
}

/** After an error of a server, nobody knows whether the act happened. */
function endOfAct(status: number | undefined): 'begun' | 'done' | 'refused' | 'unknown' {
  if (status === undefined) return 'begun';
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'unknown';
}
