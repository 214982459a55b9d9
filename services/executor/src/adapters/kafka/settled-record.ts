import {
  ack,
  deadLetter,
  notFromKafka,
  retry,
  type IncomingRecord,
  type Outcome,
} from '@action-mesh/messaging';

import type { Reception } from '../../application/record-call.js';
import { LedgerUnavailableError } from '../../domain/executor.errors.js';

/** Milliseconds until a record is tried again: long enough to cost nothing, short enough to go unnoticed. */
export const pauseMs = 250;

/**
 * The place of a record in Kafka, as the ledger stores it: `topic/partition/offset`. A record that was handed over in
 * memory has none yet.
 */
export function originOf({ topic, partition, offset }: IncomingRecord): string | undefined {
  return partition === notFromKafka.partition ? undefined : `${topic}/${partition}/${offset}`;
}

/**
 * Turns the result of recording a call into the record's outcome. The record keeps its offset until the ledger knows
 * the call (I7).
 */
export async function settledRecord(reception: Promise<Reception>): Promise<Outcome> {
  try {
    switch (await reception) {
      case 'id_conflict':
        return deadLetter('CALL_ID_CONFLICT', 'the call id was used before for another call');
      default:
        return ack;
    }
  } catch (error) {
    if (error instanceof LedgerUnavailableError) return retry(Date.now() + pauseMs);
    throw error;
  }
}
