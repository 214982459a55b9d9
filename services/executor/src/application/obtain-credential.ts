import { defined } from '@action-mesh/kernel';

import { mayHaveActed } from '../domain/attempt-history.js';
import type { CallCredential, CallCredentials, CredentialSubject, Unready } from './call-credentials.js';
import type { CallSession } from './call-session.js';
import type { OwnedCall } from './ledger.port.js';
import type { Parking } from './parking.js';
import type { Throttle } from './throttle.js';
import type { PreparedTool } from './tools.port.js';

type Obtained = CallCredential | Unready | undefined;

/** Gets the credentials for the requests of a running call. It writes nothing. */
export class ObtainCredential {
  readonly #credentials: CallCredentials;
  readonly #throttle: Pick<Throttle, 'hold'>;

  constructor(parts: { readonly credentials: CallCredentials; readonly throttle: Pick<Throttle, 'hold'> }) {
    this.#credentials = parts.credentials;
    this.#throttle = parts.throttle;
  }

  /** The credential of the next request, if it is in memory. `cold`: it has to be asked for. */
  held(
    { known, connectionId }: CallSession<OwnedCall>,
    prepared: PreparedTool,
  ): CallCredential | 'cold' | undefined {
    return this.#credentials.held(known.call, prepared, connectionId);
  }

  /** The wait of the call under a kill switch. Undefined when none covers it. */
  hold({ known, state }: CallSession<OwnedCall>, prepared: PreparedTool): Parking | undefined {
    return this.#throttle.hold(known.call, prepared, state.state);
  }

  /** The credential of the next request. A kill switch comes first: a held call needs none. */
  async cold(session: CallSession<OwnedCall>, prepared: PreparedTool): Promise<Obtained> {
    const hold = this.hold(session, prepared);
    if (hold !== undefined) return { kind: 'parked', command: 'throttle', parking: hold };
    return this.#credentials.obtain(subjectOf(session, prepared));
  }

  /** The credential of a probe. */
  async forProbe(session: CallSession<OwnedCall>, probe: PreparedTool): Promise<Obtained> {
    const held = this.held(session, probe);
    return held === 'cold' ? this.#credentials.obtain(subjectOf(session, probe)) : held;
  }

  /** A newer credential than one that the provider refused. */
  renewed(
    session: CallSession<OwnedCall>,
    prepared: PreparedTool,
    refused: CallCredential,
  ): Promise<CallCredential | Unready> {
    return this.#credentials.renew(subjectOf(session, prepared), refused);
  }
}

function subjectOf(session: CallSession<OwnedCall>, prepared: PreparedTool): CredentialSubject {
  const { call, trace, ageMs, told } = session.known;
  const isUnsure = session.state.state === 'INDETERMINATE';
  return {
    call,
    trace,
    prepared,
    pinned: session.connectionId,
    mayHaveActed: isUnsure || mayHaveActed(session.tried),
    isUnsure,
    ageMs,
    ...defined({ told }),
  };
}
