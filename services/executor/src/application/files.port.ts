import type { CallState } from '@action-mesh/contracts/executor';
import type { FileContent } from '@action-mesh/tools';

import type { Failure } from '../domain/attempt-evidence.js';

export interface FetchOptions {
  /** The most bytes that the file may have. */
  readonly maxBytes: number;
  /** Milliseconds for the whole fetch, redirects included, from now. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** A file, or the reason why there is none. `mayPass`: a later attempt may succeed. */
export type Fetched =
  | { readonly content: FileContent }
  | { readonly failure: Failure; readonly mayPass: boolean };

/** Fetches a file from a URL in the arguments of a call. */
export interface FileFetcher {
  /** Never throws. */
  fetch(url: string, options: FetchOptions): Promise<Fetched>;
}

/** A call as the source of a file. */
export interface StoredResult {
  readonly state: CallState;
  /** The outcome, as the text of a JSON object. */
  readonly outcome?: string;
}

/** The results of earlier calls. */
export interface StoredResults {
  /** The result of a call. Undefined for a call of another tenant or another user. */
  find(
    owner: { readonly tenantId: string; readonly userId: string },
    callId: string,
  ): Promise<StoredResult | undefined>;
}
