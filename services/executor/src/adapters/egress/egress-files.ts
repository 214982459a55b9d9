import { entryAgainst, type Attempt, type Egress } from '@action-mesh/egress';
import { defined, parseUrl } from '@action-mesh/kernel';
import { isMediaType, type FileContent } from '@action-mesh/tools';

import type { Fetched, FetchOptions, FileFetcher } from '../../application/files.port.js';

const mostRedirects = 5;
const longestFilename = 255;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Statuses of temporary refusals. */
const passing = new Set([408, 425, 429]);

type Response = Extract<Attempt, { kind: 'response' }>;

/**
 * Fetches files through the guarded egress, without any credential. Each redirect is checked like a URL of its own, so
 * none leads to an address that is not allowed. Messages hold no URL, because its query may be a credential.
 */
export class EgressFiles implements FileFetcher {
  readonly #egress: Pick<Egress, 'request'>;

  constructor(egress: Pick<Egress, 'request'>) {
    this.#egress = egress;
  }

  async fetch(url: string, { maxBytes, deadlineMs, signal }: FetchOptions): Promise<Fetched> {
    const startedAt = performance.now();
    let target = url;
    for (let followed = 0; followed <= mostRedirects; followed += 1) {
      const attempt = await this.#egress.request({
        method: 'GET',
        url: target,
        headers: { accept: '*/*' },
        deadlineMs: Math.max(1, deadlineMs - (performance.now() - startedAt)),
        maxResponseBytes: maxBytes,
        signal,
      });
      if (attempt.kind !== 'response') return notAnswered(attempt, followed === 0 ? url : undefined);
      if (!redirects.has(attempt.status)) return readFile(attempt, url, maxBytes);
      const next = redirectOf(attempt, target);
      if (next === undefined) return missing('file_not_fetched', 'its URL redirects to no other URL');
      target = next;
    }
    return missing('file_not_fetched', `its URL redirects more than ${mostRedirects} times`);
  }
}

/** Describes a file without an answer. `url` is the URL in the call; messages never repeat the target of a redirect. */
function notAnswered(attempt: Exclude<Attempt, Response>, url: string | undefined): Fetched {
  if (attempt.kind === 'indeterminate') {
    return missing('file_not_fetched', 'its server gave no answer', { mayPass: true });
  }
  const entry = url === undefined ? undefined : entryAgainst(attempt.code, url);
  const fix =
    entry === undefined
      ? undefined
      : `If files may come from it, add ${entry} to EGRESS_ALLOW of all executors, and start them again.`;
  return missing('file_not_fetched', attempt.message, { mayPass: attempt.retryable, fix });
}

function readFile(response: Response, url: string, maxBytes: number): Fetched {
  const { status, body, bodyComplete, truncated, undecoded } = response;
  if (status !== 200) {
    return missing('file_not_fetched', `its server answered ${status}`, {
      mayPass: status >= 500 || passing.has(status),
    });
  }
  if (truncated) return missing('file_too_large', `it has more than the ${maxBytes} bytes that are left`);
  if (!bodyComplete) return missing('file_not_fetched', 'its answer broke off', { mayPass: true });
  if (undecoded !== undefined) return missing('file_not_fetched', 'its content coding is not known here');
  const contentType = typeOf(response);
  const filename = nameIn(url);
  const content: FileContent = {
    bytes: body,
    ...defined({ contentType, filename }),
  };
  return { content };
}

/** The type of the answer. Undefined for a generic type: the tool's own type says more. */
function typeOf({ headers }: Response): string | undefined {
  const header = headers['content-type'];
  const type = (typeof header === 'string' ? header : header?.[0])?.trim();
  return type === undefined || !isMediaType(type) || /^\w+\/octet-stream\b/i.test(type) ? undefined : type;
}

/** The last part of the path of the URL in the call. */
function nameIn(url: string): string | undefined {
  const last = parseUrl(url)?.pathname.split('/').at(-1) ?? '';
  try {
    const name = decodeURIComponent(last);
    return name === '' || name.length > longestFilename ? undefined : name;
  } catch {
    return undefined;
  }
}

function redirectOf({ headers: { location } }: Response, from: string): string | undefined {
  const value = typeof location === 'string' ? location : location?.[0];
  const next = value === undefined ? undefined : parseUrl(value, from);
  if (next === undefined) return undefined;
  next.hash = '';
  return next.href;
}

function missing(
  code: string,
  message: string,
  { mayPass = false, fix }: { readonly mayPass?: boolean; readonly fix?: string | undefined } = {},
): Fetched {
  const category = mayPass ? 'network' : 'request';
  return { failure: { code, category, message, ...defined({ fix }) }, mayPass };
}
