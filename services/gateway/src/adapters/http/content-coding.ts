import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type InputType, type ZlibOptions } from 'node:zlib';

import { HttpProblemError } from './problem.js';
import { protocolProblem } from './protocol-problem.js';

type Decode = (body: InputType, options: Pick<ZlibOptions, 'maxOutputLength'>) => Promise<Buffer>;

/** The content codings of request bodies (RFC 9110, section 8.4.1). */
const decoders: Readonly<Record<string, Decode>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Decodes the body. The result never exceeds `maxBytes`, however well the body was compressed. Rejects with
 * `HttpProblemError`: 415 for an unknown coding, 413 for too many bytes, 400 for a broken body.
 */
export async function decodeBody(
  body: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const coding = contentEncoding?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return body;
  const decode = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
  if (decode === undefined) throw unknownCoding();
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ERR_BUFFER_TOO_LARGE'
      ? new HttpProblemError(protocolProblem(413, maxBytes))
      : brokenBody(coding);
  }
}

function unknownCoding(): HttpProblemError {
  const known = Object.keys(decoders).join(', ');
  return new HttpProblemError(
    {
      status: 415,
      title: 'Content coding not supported',
      code: 'content_coding_not_supported',
      detail: 'The header Content-Encoding names an unknown coding, or more than one.',
      fix: `Send the body without a coding, or in one of: ${known}.`,
    },
    { 'accept-encoding': known },
  );
}

function brokenBody(coding: string): HttpProblemError {
  return new HttpProblemError({
    status: 400,
    title: 'Body malformed',
    code: 'invalid_content_coding',
    detail: `The header Content-Encoding names ${coding}, and the body is not ${coding}.`,
    fix: 'Send the whole body in the coding that Content-Encoding names, or leave the header out.',
  });
}
