import { MeshError, type Clock } from '@action-mesh/kernel';
import { withFiles, type FileContent, type FileReference, type ReferencedFile } from '@action-mesh/tools';

import type { Failure } from '../domain/attempt-evidence.js';
import { fileOfResult } from '../domain/result-file.js';
import { deadStates, terminalStates } from '../domain/call.js';
import type { Fetched, FileFetcher, StoredResults } from './files.port.js';
import type { OwnedCall, Park } from './ledger.port.js';
import { withProviderKey } from './provider-request.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';

/** The wait of a call until its files are loaded. It has no delay. */
export const awaitingFiles: Park = { delayMs: 0, reason: 'file' };

/** The most bytes of all files by reference in one call. */
const mostFileBytes = 10_485_760;

export type Loaded =
  | { readonly request: ProviderRequest }
  | { readonly failure: Failure; readonly mayPass: boolean };

/** Loads the files in the arguments of a call, and builds the request with them. Sends nothing to the provider. */
export class LoadRequest {
  readonly #fetcher: FileFetcher;
  readonly #results: StoredResults;
  readonly #clock: Clock;

  constructor(fetcher: FileFetcher, results: StoredResults, clock: Clock) {
    this.#fetcher = fetcher;
    this.#results = results;
    this.#clock = clock;
  }

  /** Loads all files within `deadlineMs` milliseconds and builds the request. */
  async execute(
    owned: OwnedCall,
    { tool, buildRequest }: PreparedTool,
    files: readonly ReferencedFile[],
    deadlineMs: number,
  ): Promise<Loaded> {
    const endsAtMs = this.#clock.monotonicMs() + deadlineMs;
    const contents: FileContent[] = [];
    let left = mostFileBytes;
    for (const { argument, reference } of files) {
      const fetched = await this.#load(owned, reference, {
        maxBytes: left,
        deadlineMs: Math.max(1, endsAtMs - this.#clock.monotonicMs()),
        signal: owned.instance.signal,
      });
      if ('failure' in fetched) {
        const message = `the file of "${argument}" could not be loaded: ${fetched.failure.message}`;
        return { ...fetched, failure: { ...fetched.failure, message } };
      }
      left -= fetched.content.bytes.length;
      if (left < 0) return { failure: tooLarge(argument), mayPass: false };
      contents.push(fetched.content);
    }
    try {
      const built = buildRequest(withFiles(tool, owned.call.arguments, contents));
      return { request: withProviderKey(built, tool, owned.providerKey) };
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      const failure: Failure = { code: 'request_unbuildable', category: 'request', message: error.message };
      return { failure, mayPass: false };
    }
  }

  async #load(
    { call }: OwnedCall,
    reference: FileReference,
    options: Parameters<FileFetcher['fetch']>[1],
  ): Promise<Fetched> {
    if (reference.kind === 'url') return this.#fetcher.fetch(reference.url, options);
    const owner = { tenantId: call.tenant_id, userId: call.user_id };
    const stored = await this.#results.find(owner, reference.callId);
    if (stored === undefined) return { failure: noSuchCall, mayPass: false };
    if (stored.state === 'SUCCEEDED') {
      const file = fileOfResult(stored.outcome ?? '{}', reference);
      return 'failure' in file ? { ...file, mayPass: false } : { content: file };
    }
    const isOver = terminalStates.includes(stored.state) || deadStates.includes(stored.state);
    return isOver ? { failure: noResult, mayPass: false } : { failure: notEnded, mayPass: true };
  }
}

const noSuchCall: Failure = {
  code: 'file_call_not_found',
  category: 'request',
  message: 'the user has no call of the referenced id',
  fix: 'Refer to an earlier call of the same user, by its "call_id".',
};

const noResult: Failure = {
  code: 'file_call_not_succeeded',
  category: 'request',
  message: 'the referenced call did not succeed',
};

const notEnded: Failure = {
  code: 'file_call_not_ended',
  category: 'request',
  message: 'the referenced call has not ended yet',
};

function tooLarge(argument: string): Failure {
  return {
    code: 'file_too_large',
    category: 'request',
    message: `with the file of "${argument}", the files of the call have more than ${mostFileBytes} bytes`,
  };
}
