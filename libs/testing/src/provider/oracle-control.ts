import type { Behaviours } from './behaviours.js';
import type { EffectLedger } from './effect-ledger.js';
import type { Reply } from './endpoints.js';
import type { Behaviour } from './oracle.js';
import type { ReceivedRequest } from './received-request.js';

export const controlPrefix = '/__oracle/';

/** The control API. The oracle does not record requests to it. */
export function answerControl(
  request: ReceivedRequest,
  ledger: EffectLedger,
  behaviours: Behaviours,
  reset: () => void,
): Reply {
  const { query } = request;
  switch (`${request.method} ${request.pathname.slice(controlPrefix.length)}`) {
    case 'POST behaviour':
      if (typeof request.field('mode') !== 'string' || typeof request.field('match') !== 'object') {
        return { status: 422, body: { error: 'a behaviour needs mode and match' } };
      }
      behaviours.add(request.json as Behaviour);
      return { status: 200, body: { ok: true } };
    case 'DELETE behaviour':
      behaviours.clear();
      return { status: 200, body: { ok: true } };
    case 'GET requests':
      return {
        status: 200,
        body: ledger.requests({
          ...text('path', query),
          ...text('method', query),
          ...text('key', query),
          ...text('callId', query),
          ...count('limit', query),
        }),
      };
    case 'GET effects':
      return { status: 200, body: ledger.effects({ ...text('key', query), ...count('limit', query) }) };
    case 'POST reset':
      reset();
      return { status: 200, body: { ok: true } };
    default:
      return { status: 404, body: { error: 'unknown_control' } };
  }
}

function text<Name extends string>(name: Name, query: URLSearchParams): Partial<Record<Name, string>> {
  const value = query.get(name);
  return value === null ? {} : ({ [name]: value } as Partial<Record<Name, string>>);
}

function count<Name extends string>(name: Name, query: URLSearchParams): Partial<Record<Name, number>> {
  const value = query.get(name);
  return value === null ? {} : ({ [name]: Number(value) } as Partial<Record<Name, number>>);
}
