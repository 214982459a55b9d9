import type { DeadCall, Tried } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import type { Call } from './call.js';
import type { Failure } from './verdict.js';

export interface Death {
  readonly state: Pick<Call, 'attempt' | 'redrives'>;
  readonly status: DeadCall['status'];
  readonly failure: Failure;
  readonly tried: readonly Tried[];
  /** `topic/partition/offset` of the record that the call came with. */
  readonly origin?: string;
  readonly nowMs: number;
}

/** The dead letter of a call as the text of a JSON object, to which the ledger adds `seq` in front (I9). */
export function describeDeath(call: AcceptedCall, death: Death): string {
  const letter: Omit<DeadCall, 'seq'> = {
    hash: call.hash,
    status: death.status,
    error: death.failure,
    attempts: death.state.attempt,
    tried: [...death.tried],
    redrives: death.state.redrives,
    ...(death.origin === undefined ? {} : { origin: readOrigin(death.origin) }),
    call,
    died_at: new Date(death.nowMs).toISOString(),
  };
  return JSON.stringify(letter);
}

/** `topic/partition/offset`; a topic's name holds no slash. */
export function readOrigin(text: string): NonNullable<DeadCall['origin']> {
  const [topic = '', partition = '0', offset = '0'] = text.split('/');
  return { topic, partition: Number(partition), offset };
}
