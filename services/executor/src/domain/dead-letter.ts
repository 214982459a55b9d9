import type { DeadAnswer, DeadCall, Tried } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';

import type { Call } from './call.js';
import type { Failure } from './attempt-evidence.js';
import type { Ending } from './outcome.js';

export interface Death {
  readonly state: Pick<Call, 'attempt' | 'redrives'>;
  readonly status: DeadCall['status'];
  readonly failure: Failure;
  readonly answer?: DeadAnswer;
  readonly tried: readonly Tried[];
  /** `topic/partition/offset` of the Kafka record of the call. */
  readonly origin?: string;
}

/** The dead letter of a call as the text of a JSON object. The ledger adds `seq` and its time in front (I9). */
export function describeDeath(call: AcceptedCall, death: Death): string {
  const letter: Omit<DeadCall, 'seq' | 'died_at'> = {
    hash: call.hash,
    status: death.status,
    error: death.failure,
    ...defined({ answer: death.answer }),
    attempts: death.state.attempt,
    tried: [...death.tried],
    redrives: death.state.redrives,
    ...(death.origin === undefined ? {} : { origin: readOrigin(death.origin) }),
    call,
  };
  return JSON.stringify(letter);
}

/** Parses `topic/partition/offset`. A topic's name holds no slash. */
export function readOrigin(text: string): NonNullable<DeadCall['origin']> {
  const [topic = '', partition = '0', offset = '0'] = text.split('/');
  return { topic, partition: Number(partition), offset };
}

/**
 * Enough for a person to see the beginning of an answer. The outcome of the call holds all that the mesh kept of it.
 */
const longestBody = 2_000;

/** The provider's answer to a call that needs a person, short enough for a list. */
export function deadAnswer({
  result,
  upstream,
}: Pick<Ending, 'result' | 'upstream'>): DeadAnswer | undefined {
  if (result === undefined && upstream === undefined) return undefined;
  const body = result === undefined ? undefined : bodyText(result);
  const cut = body !== undefined && body.length > longestBody;
  return {
    ...(upstream === undefined ? {} : { status_code: upstream.status_code }),
    ...(body === undefined ? {} : { body: body.slice(0, longestBody).replace(/[\ud800-\udbff]$/, '') }),
    ...(cut || upstream?.incomplete === true ? { body_cut: true } : {}),
  };
}

/** The text of a body. JSON stays unchanged. A body that is not JSON was kept as a JSON string. */
function bodyText(result: string): string {
  return result.startsWith('"') ? (JSON.parse(result) as string) : result;
}
