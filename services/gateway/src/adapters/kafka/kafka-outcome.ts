import { CallOutcome } from '@action-mesh/contracts/executor';
import { eventType } from '@action-mesh/kernel';
import { CloudEventHeader, type IncomingRecord } from '@action-mesh/messaging';

import type { LoggedOutcome } from '../../application/outcome-log.port.js';
import type { OutcomeHead } from '../../domain/outcome-filter.js';

const empty = Buffer.alloc(0);

/** A record of the topic of outcomes, as the streams see it. */
export class KafkaOutcome implements LoggedOutcome {
  readonly partition: number;
  readonly offset: number;
  readonly atMs: number;
  readonly json: Buffer;
  readonly #record: IncomingRecord;
  #head: OutcomeHead | undefined;
  #isRead = false;

  constructor(record: IncomingRecord) {
    this.#record = record;
    this.partition = record.partition;
    this.offset = Number(record.offset);
    this.atMs = record.timestampMs;
    this.json = record.value ?? empty;
  }

  get head(): OutcomeHead | undefined {
    if (!this.#isRead) {
      this.#isRead = true;
      if (this.#record.headers[CloudEventHeader.type] === eventType(CallOutcome)) {
        this.#head = headOf(this.json);
      }
    }
    return this.#head;
  }

  /** The name of a tenant is plain, so JSON writes it unchanged. */
  mayBelongTo(tenantId: string): boolean {
    return this.#isRead ? this.#head?.tenantId === tenantId : this.json.includes(`"${tenantId}"`);
  }
}

interface Members {
  readonly [name: string]: unknown;
}

/** Reads by hand: this happens for every outcome of the mesh, and a schema would cost more than the JSON itself. */
function headOf(json: Buffer): OutcomeHead | undefined {
  const outcome = membersOf(parsed(json));
  const [callId, tenantId, userId, status] = [
    outcome['call_id'],
    outcome['tenant_id'],
    outcome['user_id'],
    outcome['status'],
  ];
  const { slug, version } = membersOf(outcome['tool']);
  const runId = membersOf(outcome['agent'])['run_id'];
  if (typeof callId !== 'string' || typeof tenantId !== 'string' || typeof userId !== 'string')
    return undefined;
  if (typeof status !== 'string' || typeof slug !== 'string') return undefined;
  return {
    callId,
    tenantId,
    userId,
    status,
    tool: slug,
    runId: typeof runId === 'string' ? runId : undefined,
    version: typeof version === 'string' ? version : undefined,
  };
}

function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    return undefined;
  }
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}
