import type { CallState } from '@action-mesh/contracts/executor';
import type { FileContent } from '@action-mesh/tools';

import type { Failure } from '../domain/attempt-evidence.js';

export interface FetchOptions {
  /** The most bytes that the file may have. */
  readonly maxBytes: number;
  /** For the whole fetch, redirects included, from now. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** A file, or why there is none. `mayPass`: a later attempt may get it. */
export type Fetched =
  | { readonly content: FileContent }
  | { readonly failure: Failure; readonly mayPass: boolean };

/** Fetches a file of a call from a URL that its arguments name. */
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
  /** Undefined for a call of another tenant or of another user. */
  find(
    owner: { readonly tenantId: string; readonly userId: string },
    callId: string,
  ): Promise<StoredResult | undefined>;
}
