import { promisify } from 'node:util';
import zlib from 'node:zlib';

import type { Responded } from './attempt.js';

type Decode = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** The most codings of one body. Real servers apply fewer. */
const maxCodings = 3;

const gunzip: Decode = promisify(zlib.gunzip);
const inflate: Decode = promisify(zlib.inflate);
const inflateRaw: Decode = promisify(zlib.inflateRaw);
const brotli: Decode = promisify(zlib.brotliDecompress);

const decoders: ReadonlyMap<string, Decode> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  // `deflate` means zlib, and some servers send it without zlib's frame.
  ['deflate', (bytes, options) => (hasZlibFrame(bytes) ? inflate : inflateRaw)(bytes, options)],
  ['br', brotli],
  ...zstdWhereNodeHasIt(),
]);

/** Whether the body of an answer has a content coding. Without one, `decodeContent` changes nothing. */
export function isCoded(response: Responded): boolean {
  return response.bodyComplete && response.body.length > 0 && codingsOf(response).length > 0;
}

/**
 * Removes the codings of a whole body, the last applied first. No step produces more than `maxBytes`. A body that
 * decodes to more counts as too long. A body that does not decode counts as incomplete. Never rejects.
 */
export async function decodeContent(response: Responded, maxBytes: number): Promise<Responded> {
  const codings = codingsOf(response);
  const steps = codings.map((coding) => decoders.get(coding)).reverse();
  if (codings.length > maxCodings || steps.includes(undefined)) {
    return { ...response, undecoded: codings.join(', ') };
  }
  let { body } = response;
  try {
    for (const decode of steps)
      if (decode !== undefined) body = await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const truncated = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    return { ...response, body: Buffer.alloc(0), bodyComplete: false, truncated };
  }
  return { ...response, body };
}

/** In the order in which they were applied. A transfer coding comes after all content codings. */
function codingsOf({ headers }: Responded): string[] {
  const { 'content-encoding': content, 'transfer-encoding': transfer } = headers;
  if (content === undefined && transfer === undefined) return [];
  return [content ?? [], transfer ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity' && coding !== 'chunked');
}

function hasZlibFrame(bytes: Buffer): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}

function zstdWhereNodeHasIt(): [string, Decode][] {
  const decode: unknown = Reflect.get(zlib, 'zstdDecompress');
  return typeof decode === 'function' ? [['zstd', promisify(decode as typeof zlib.gunzip)]] : [];
}
