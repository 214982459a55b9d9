import type { EventDefinition } from '@action-mesh/kernel';

import { AdministrationRecorded } from '../audit/index.js';
import {
  ConnectionChanged,
  IdentityPublished,
  IntegrationPublished,
  PolicyPublished,
  TokenLeased,
  TokenRequested,
} from '../auth-broker/index.js';
import { ToolkitPublished, ToolPublished } from '../catalog/index.js';
import { CallDead, CallOutcome, RetryDue, retryRungs } from '../executor/index.js';
import {
  AwaitedCallAccepted,
  BulkCallAccepted,
  CallAccepted,
  CallSubmitted,
  TriggerFired,
} from '../gateway/index.js';
import { LimitPublished } from '../rate-governor/index.js';
import { TriggerDeclared, WebhookEndpointDisabled } from '../webhooks/index.js';

/** An event with its owner and its topics. The owner alone may change the contract. */
export interface PublishedEvent {
  readonly owner: 'audit' | 'auth-broker' | 'catalog' | 'executor' | 'gateway' | 'rate-governor' | 'webhooks';
  readonly definition: EventDefinition;
  readonly topics: readonly string[];
}

function published(
  owner: PublishedEvent['owner'],
  definitions: readonly EventDefinition[],
): PublishedEvent[] {
  return definitions.map((definition) => ({ owner, definition, topics: [definition.topic] }));
}

/**
 * Every version of every event, for code that treats all events equally: documents, fixtures, an audit. A service imports
 * the events that it reads from the entry of their owner instead.
 */
export const events: readonly PublishedEvent[] = [
  ...published('audit', [AdministrationRecorded]),
  ...published('auth-broker', [
    ConnectionChanged,
    IdentityPublished,
    IntegrationPublished,
    PolicyPublished,
    TokenLeased,
    TokenRequested,
  ]),
  ...published('catalog', [ToolPublished, ToolkitPublished]),
  ...published('executor', [CallDead, CallOutcome]),
  { owner: 'executor', definition: RetryDue, topics: retryRungs.map(({ topic }) => topic) },
  {
    owner: 'gateway',
    definition: CallAccepted,
    topics: [CallAccepted.topic, AwaitedCallAccepted.topic, BulkCallAccepted.topic],
  },
  ...published('gateway', [CallSubmitted, TriggerFired]),
  ...published('rate-governor', [LimitPublished]),
  ...published('webhooks', [TriggerDeclared, WebhookEndpointDisabled]),
];
