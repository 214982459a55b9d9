import { Agent } from 'undici';

import type { ExportTarget } from '../settings/export-target.js';

/** The answer to one batch. */
export type PostResult =
  | { readonly kind: 'taken' }
  /** The receiver may take the same batch later. */
  | { readonly kind: 'later'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

const contentTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;
/** Statuses after which the OTLP specification lets a client send again. */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Bytes of an answer that are read. Nothing in it is used. */
const maxAnswerBytes = 64 * 1024;

/**
 * Posts batches to one OTLP receiver. Follows no redirect: the headers hold a credential. Takes no variable of the
 * environment, so the headers of one receiver never reach another.
 */
export class OtlpPost {
  readonly #target: ExportTarget;
  readonly #agent: Agent;

  constructor(target: ExportTarget) {
    this.#target = target;
    this.#agent = new Agent({
      connections: 1,
      connect: { timeout: target.timeoutMs },
      headersTimeout: target.timeoutMs,
      bodyTimeout: target.timeoutMs,
      maxResponseSize: maxAnswerBytes,
    });
  }

  /** Never rejects. */
  async send(body: Uint8Array): Promise<PostResult> {
    const { url, headers, protocol, timeoutMs } = this.#target;
    try {
      const { statusCode, body: answer } = await this.#agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers: { ...headers, 'content-type': contentTypes[protocol] },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.dump({ limit: maxAnswerBytes });
      if (statusCode >= 200 && statusCode < 300) return { kind: 'taken' };
      return { kind: retryable.has(statusCode) ? 'later' : 'refused', reason: `status ${statusCode}` };
    } catch (error) {
      return { kind: 'later', reason: reasonOf(error) };
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

/** The code of a network error. Its message may hold the address with its query. */
function reasonOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'error';
}
