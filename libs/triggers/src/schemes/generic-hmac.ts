import { base64Digests, headerOf, hexDigests, type ReadClaim } from './signed-request.js';

/** A signature in the form that the trigger describes. */
export const readGenericHmac: ReadClaim = (request, { hmac }) => {
  if (hmac === undefined) return 'signature_malformed';
  const { algorithm = 'sha256', encoding = 'hex', prefix = '', signed = ['body'] } = hmac;
  const header = headerOf(request, hmac.header);
  if (header === undefined) return 'signature_missing';
  const text = header.startsWith(prefix) ? [header.slice(prefix.length)] : [];
  const signatures = encoding === 'hex' ? hexDigests(text, algorithm) : base64Digests(text, algorithm);
  if (signatures.length === 0) return 'signature_malformed';
  const time = hmac.timestamp_header === undefined ? undefined : headerOf(request, hmac.timestamp_header);
  if (hmac.timestamp_header !== undefined && time === undefined) return 'time_missing';
  const atMs = time === undefined ? undefined : timeOf(time);
  if (time !== undefined && atMs === undefined) return 'time_malformed';
  const id = hmac.id_header === undefined ? undefined : headerOf(request, hmac.id_header);
  if (hmac.id_header !== undefined && (id === undefined || id === '' || id.length > 256)) return 'id_missing';
  const { method, url, body } = request;
  const path = url.replace(/^[a-z]+:\/\/[^/]*/, '');
  const parts = { body, timestamp: time ?? '', id: id ?? '', method, url, path };
  return {
    signed: signed.map((part) => (typeof part === 'string' ? parts[part] : part.text)),
    signatures,
    algorithm,
    ...(atMs === undefined ? {} : { atMs }),
    ...(id === undefined ? {} : { deliveryId: id }),
    isIdSigned: id === undefined || signed.includes('id'),
  };
};

/** Seconds have at most eleven digits until the year 5138. */
function timeOf(text: string): number | undefined {
  if (/^\d{1,11}$/.test(text)) return Number(text) * 1_000;
  if (/^\d{12,15}$/.test(text)) return Number(text);
  const atMs = /^\d{4}-\d{2}-\d{2}T[\d:.]{1,20}(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}
