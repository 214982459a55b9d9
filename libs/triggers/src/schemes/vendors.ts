import { base64Digests, headerOf, hexDigests, unixSeconds, type ReadClaim } from './signed-request.js';

const sha256 = 'sha256';

/** Standard Webhooks: `v1` signatures over id, time and body. */
export const readStandardWebhooks: ReadClaim = (request) => {
  const list = headerOf(request, 'webhook-signature');
  const id = headerOf(request, 'webhook-id');
  const time = headerOf(request, 'webhook-timestamp');
  if (list === undefined) return 'signature_missing';
  if (id === undefined || id === '' || id.length > 256) return 'id_missing';
  if (time === undefined) return 'time_missing';
  const atMs = unixSeconds(time);
  if (atMs === undefined) return 'time_malformed';
  const texts = list.split(' ').flatMap((entry) => (entry.startsWith('v1,') ? [entry.slice(3)] : []));
  const signatures = base64Digests(texts, sha256);
  if (signatures.length === 0) return 'signature_malformed';
  const signed = [id, '.', time, '.', request.body];
  return { signed, signatures, algorithm: sha256, atMs, deliveryId: id, isIdSigned: true };
};

/** Stripe: `t=…,v1=…` over time and body. The id of the event is in the body. */
export const readStripe: ReadClaim = (request) => {
  const header = headerOf(request, 'stripe-signature');
  if (header === undefined) return 'signature_missing';
  const entries = header.split(',').map((entry) => entry.trim());
  const time = entries.find((entry) => entry.startsWith('t='))?.slice(2);
  if (time === undefined) return 'time_missing';
  const atMs = unixSeconds(time);
  if (atMs === undefined) return 'time_malformed';
  const texts = entries.flatMap((entry) => (entry.startsWith('v1=') ? [entry.slice(3)] : []));
  const signatures = hexDigests(texts, sha256);
  if (signatures.length === 0) return 'signature_malformed';
  return { signed: [time, '.', request.body], signatures, algorithm: sha256, atMs, isIdSigned: true };
};

/** Slack: `v0=…` over version, time and body. The id of an event is in the body. */
export const readSlack: ReadClaim = (request) => {
  const header = headerOf(request, 'x-slack-signature');
  const time = headerOf(request, 'x-slack-request-timestamp');
  if (header === undefined) return 'signature_missing';
  if (time === undefined) return 'time_missing';
  const atMs = unixSeconds(time);
  if (atMs === undefined) return 'time_malformed';
  const signatures = header.startsWith('v0=') ? hexDigests([header.slice(3)], sha256) : [];
  if (signatures.length === 0) return 'signature_malformed';
  return { signed: ['v0:', time, ':', request.body], signatures, algorithm: sha256, atMs, isIdSigned: true };
};

/** GitHub: `sha256=…` over the body. Neither the time nor the id is signed. */
export const readGithub: ReadClaim = (request) => {
  const header = headerOf(request, 'x-hub-signature-256');
  if (header === undefined) return 'signature_missing';
  const signatures = header.startsWith('sha256=') ? hexDigests([header.slice(7)], sha256) : [];
  if (signatures.length === 0) return 'signature_malformed';
  const deliveryId = headerOf(request, 'x-github-delivery');
  if (deliveryId === undefined || deliveryId === '' || deliveryId.length > 256) return 'id_missing';
  return { signed: [request.body], signatures, algorithm: sha256, deliveryId, isIdSigned: false };
};

/** Shopify: base64 over the body. Neither the time nor the id is signed. */
export const readShopify: ReadClaim = (request) => {
  const header = headerOf(request, 'x-shopify-hmac-sha256');
  if (header === undefined) return 'signature_missing';
  const signatures = base64Digests([header], sha256);
  if (signatures.length === 0) return 'signature_malformed';
  const deliveryId = headerOf(request, 'x-shopify-webhook-id');
  if (deliveryId === undefined || deliveryId === '' || deliveryId.length > 256) return 'id_missing';
  return { signed: [request.body], signatures, algorithm: sha256, deliveryId, isIdSigned: false };
};

/** The characters that HubSpot decodes in the address before it signs. */
const hubspotDecodes = new Map([
  ['%3A', ':'],
  ['%2F', '/'],
  ['%3F', '?'],
  ['%40', '@'],
  ['%21', '!'],
  ['%24', '$'],
  ['%27', "'"],
  ['%28', '('],
  ['%29', ')'],
  ['%2A', '*'],
  ['%2C', ','],
  ['%3B', ';'],
]);

/** HubSpot, version 3: base64 over method, address, body and time in milliseconds. */
export const readHubspot: ReadClaim = (request) => {
  const header = headerOf(request, 'x-hubspot-signature-v3');
  const time = headerOf(request, 'x-hubspot-request-timestamp');
  if (header === undefined) return 'signature_missing';
  if (time === undefined) return 'time_missing';
  if (!/^\d{1,15}$/.test(time)) return 'time_malformed';
  const signatures = base64Digests([header], sha256);
  if (signatures.length === 0) return 'signature_malformed';
  const url = request.url.replace(
    /%[0-9A-Fa-f]{2}/g,
    (code) => hubspotDecodes.get(code.toUpperCase()) ?? code,
  );
  const signed = [request.method, url, request.body, time];
  return { signed, signatures, algorithm: sha256, atMs: Number(time), isIdSigned: true };
};
