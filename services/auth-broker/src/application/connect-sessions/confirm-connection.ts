import { defined } from '@action-mesh/kernel';

import { noticeAnswer, type ConnectAnswer, type ConnectBrowser } from './connect-answer.js';
import type { ConnectParts } from './connect-parts.js';
import type { RevokeAbandoned } from './revoke-abandoned.js';
import { openSessionForForm } from './session-door.js';
import { backOf, factsOf } from './session-facts.js';
import { settleCredential } from './settle-credential.js';

/** The last step of a session without a return address: the person sees the account and confirms or refuses it. */
export class ConfirmConnection {
  readonly #parts: ConnectParts;
  readonly #revokeAbandoned: RevokeAbandoned;

  constructor(parts: ConnectParts, revokeAbandoned: RevokeAbandoned) {
    this.#parts = parts;
    this.#revokeAbandoned = revokeAbandoned;
  }

  async run(
    token: string,
    browser: ConnectBrowser,
    givenFormToken: string | undefined,
  ): Promise<ConnectAnswer> {
    const opened = await openSessionForForm(this.#parts, token, browser, givenFormToken);
    if (!opened.ok) return opened.answer;
    const { session } = opened;
    const again = `/connect/${token}`;
    const page = `${this.#parts.address.origin}${again}`;
    // A program completes the others (CF4).
    if (session.status !== 'returned' || session.returnUrl !== undefined)
      return { kind: 'redirect', location: page };
    const settled = await settleCredential(this.#parts, opened);
    if (settled.kind === 'connected') return { kind: 'redirect', location: page };
    return noticeAnswer(settled.kind, { facts: factsOf(session), again });
  }

  /** Ends the attempt. The credential, if there is one, is ended at its provider. */
  async cancel(
    token: string,
    browser: ConnectBrowser,
    givenFormToken: string | undefined,
  ): Promise<ConnectAnswer> {
    const opened = await openSessionForForm(this.#parts, token, browser, givenFormToken);
    if (!opened.ok) return opened.answer;
    const { session, pending } = opened;
    const { sessions, clock } = this.#parts;
    const isCancelled = await sessions.change(
      session.publicId,
      { status: ['open', 'failed', 'returned'], unclaimedAtMs: clock.now() },
      { status: 'failed', error: 'cancelled', stateDigest: null, attempt: null, completionDigest: null },
    );
    if (!isCancelled) return { kind: 'redirect', location: `${this.#parts.address.origin}/connect/${token}` };
    // The sweep repeats a failed revocation.
    if (pending !== undefined) await this.#revokeAbandoned.one({ session, pending });
    return noticeAnswer('cancelled', {
      facts: factsOf(session),
      again: `/connect/${token}`,
      ...defined({ back: backOf(session, 'cancelled') }),
    });
  }
}
