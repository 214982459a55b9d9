import { denied } from './attempt.js';
import type { NotSent } from './attempt.js';

/**
 * Headers that only the connection sets. A caller could use them to address another host or to smuggle a second
 * request.
 */
const reserved: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;
const methodName = /^[A-Z]{1,20}$/;

export type RequestHeaders = Readonly<Record<string, string | readonly string[]>>;

/**
 * Names and values in turn, the form that undici takes, or the refusal. A refusal contains no values, which may be
 * secrets.
 */
export function vetHead(method: string, headers: RequestHeaders, userAgent: string): string[] | NotSent {
  if (!methodName.test(method) || method === 'CONNECT' || method === 'TRACE') {
    return denied('EGRESS_DENIED_METHOD', 'the method is not allowed');
  }
  const flat: string[] = [];
  let hasAgent = false;
  let hasEncoding = false;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    const lower = name.toLowerCase();
    if (!token.test(name) || reserved.has(lower)) {
      return denied('EGRESS_DENIED_HEADER', `header name ${JSON.stringify(name)}`);
    }
    if (lower === 'user-agent') hasAgent = true;
    if (lower === 'accept-encoding') hasEncoding = true;
    for (const one of typeof value === 'string' ? [value] : value) {
      if (!fieldValue.test(one)) return denied('EGRESS_DENIED_HEADER', `the value of header ${name}`);
      flat.push(name, one);
    }
  }
  if (!hasAgent) flat.push('user-agent', userAgent);
  // The mesh decodes every coding, requested or not. An interrupted answer is more often usable without compression.
  if (!hasEncoding) flat.push('accept-encoding', 'identity');
  return flat;
}
