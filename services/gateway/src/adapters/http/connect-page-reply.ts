import { createHash } from 'node:crypto';

import type { ConnectReply } from '@action-mesh/contracts/auth-broker';
import type { FastifyReply } from 'fastify';

/** Why the gateway itself answers with a page. */
export type GatewayPage = 'unknown' | 'incomplete' | 'unavailable';

const pages: Readonly<Record<GatewayPage, readonly [status: number, heading: string, text: string]>> = {
  unknown: [
    404,
    'There is nothing here',
    'The address is wrong or too old. Copy the whole address, or begin again in the program that sent you here.',
  ],
  incomplete: [
    400,
    'This address is not valid',
    'A part of it is missing or changed. Go back to the program that sent you here, and begin again.',
  ],
  unavailable: [
    503,
    'Please try again in a minute',
    'A part of the system does not answer now. Nothing was lost: load this page again.',
  ],
};

const style = `:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;padding:1rem;background:#f3f4f7;color:#1a1d24;font:16px/1.55 system-ui,"DejaVu Sans",sans-serif}main{max-width:30rem;padding:2rem;background:#fff;border:1px solid #d9dce3;border-radius:14px}h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem}p{margin:0}@media (prefers-color-scheme:dark){body{background:#101216;color:#eceef2}main{background:#1a1d23;border-color:#343943}}`;
const styleSource = `sha256-${createHash('sha256').update(style).digest('base64')}`;

/** Sends the auth broker's page to a browser, with the headers that every connect page has. */
export function sendConnectReply(
  reply: FastifyReply,
  { status, location, cookies, html, style_source: source }: ConnectReply,
): void {
  void reply.code(status).headers(pageHeaders(source));
  if (location !== undefined) void reply.header('location', location);
  if (cookies.length > 0) void reply.header('set-cookie', [...cookies]);
  void reply.send(html ?? '');
}

/** Sends a page of the gateway itself. */
export function sendGatewayPage(reply: FastifyReply, page: GatewayPage): void {
  const [status, heading, text] = pages[page];
  void reply.code(status).headers(pageHeaders(styleSource));
  if (status === 503) void reply.header('retry-after', '30');
  void reply.send(
    `<!doctype html><html lang="en"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" /><title>${heading} · Action Mesh</title><style>${style}</style></head><body><main><h1>${heading}</h1><p>${text}</p></main></body></html>`,
  );
}

/**
 * - CP1: a connect page runs no script, loads nothing and stands in no frame. It sends forms to this site alone, and
 *   tells no other site its address.
 */
function pageHeaders(style: string | undefined): Readonly<Record<string, string>> {
  const styles = style === undefined ? '' : `; style-src '${style}'`;
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'${styles}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}
