import type { OutboxRecord } from '../../application/outbox-publisher.port.js';

/** An outbox row as the ledger's functions return it. All columns are null when there is no record to publish. */
export interface OutboxRow {
  readonly outbox_id: string | null;
  readonly kind: string | null;
  readonly key: string | null;
  readonly call_id: string | null;
  readonly seq: number | null;
  readonly trace: string | null;
  readonly value: string | null;
}

/** The record to publish in a row of this tenant. Undefined when the row holds none. */
export function outboxRecord(row: OutboxRow, tenantId: string): OutboxRecord | undefined {
  const { outbox_id, kind, key, call_id, seq, trace, value } = row;
  if (outbox_id === null || call_id === null || seq === null || trace === null || value === null)
    return undefined;
  return {
    outboxId: outbox_id,
    tenantId,
    kind: kind ?? 'outcome',
    key: key ?? call_id,
    callId: call_id,
    seq,
    trace,
    value,
  };
}
