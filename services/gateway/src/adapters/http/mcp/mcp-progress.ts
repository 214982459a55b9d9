import type { ServerContext } from '@modelcontextprotocol/server';

/** The interval of progress reports, milliseconds. Hosts often give up on a silent request after a minute. */
const reportEveryMs = 10_000;

/** Tells a host that asks for it that its request is still under way. */
export class ProgressReports {
  readonly #timer: NodeJS.Timeout | undefined;

  constructor({ mcpReq }: ServerContext) {
    const progressToken = mcpReq._meta?.progressToken;
    if (progressToken === undefined) return;
    let seconds = 0;
    this.#timer = setInterval(() => {
      seconds += reportEveryMs / 1_000;
      const params = { progressToken, progress: seconds, message: `The call runs for ${seconds} s.` };
      // The host has gone: its wait ends by itself.
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
    }, reportEveryMs);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
