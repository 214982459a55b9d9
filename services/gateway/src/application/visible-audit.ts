import type { AuditPage, AuditQuery, CallStory, RunQuery, RunStory } from '@action-mesh/contracts/audit';
import { isLimited, type Principal } from '@action-mesh/identity';

import type { AuditClient } from './audit-client.port.js';
import type { CallVisibility } from './call-visibility.js';

/** The history within the limits of the caller's key (CV1). A limited key sees only entries about its users and tools. */
export class VisibleAudit {
  readonly #audit: Pick<AuditClient, 'entries' | 'story' | 'run'>;
  readonly #visibility: CallVisibility;

  constructor(audit: Pick<AuditClient, 'entries' | 'story' | 'run'>, visibility: CallVisibility) {
    this.#audit = audit;
    this.#visibility = visibility;
  }

  async entries(caller: Principal, query: AuditQuery): Promise<AuditPage> {
    const page = await this.#audit.entries(caller, this.#visibility.narrow(caller, query));
    return { ...page, entries: page.entries.filter((entry) => this.#includes(caller, entry)) };
  }

  async story(caller: Principal, callId: string): Promise<CallStory | undefined> {
    const story = await this.#audit.story(caller, callId);
    return story !== undefined && this.#includes(caller, story) ? story : undefined;
  }

  /** Undefined: the run has no call that the caller can see. */
  async run(caller: Principal, runId: string, query: RunQuery): Promise<RunStory | undefined> {
    const run = await this.#audit.run(caller, runId, query);
    if (run === undefined) return undefined;
    const calls = run.calls.filter((story) => this.#includes(caller, story));
    return calls.length === 0 && run.cursor === undefined ? undefined : { ...run, calls };
  }

  #includes(caller: Principal, about: Pick<CallStory, 'user_id' | 'tool' | 'tool_version'>): boolean {
    if (!isLimited(caller)) return true;
    const { user_id: userId, tool, tool_version: version } = about;
    return (
      (caller.users === undefined || (userId !== undefined && caller.users.has(userId))) &&
      this.#visibility.includesTool(caller, tool, version)
    );
  }
}
