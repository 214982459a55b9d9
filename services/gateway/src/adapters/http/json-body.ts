import { IJsonError, parseIJson, type JsonValue } from '@action-mesh/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { RequestRefusedError } from '../../domain/gateway.errors.js';

/** The largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 256 * 1024;

/** Keeps JSON bodies as bytes: `JSON.parse` would merge texts that are two different calls. Everything else is 415. */
export function acceptJsonBytes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    /^application\/([\w.-]+\+)?json\s*(;|$)/i,
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  );
}

/** The body as strict I-JSON. Throws `RequestRefusedError`. */
export function readJson(request: FastifyRequest): JsonValue {
  const { body } = request;
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw new RequestRefusedError('body_missing', 'The request has no body.', 'Send a JSON body.');
  }
  try {
    return parseIJson(body, { maxBytes: MAX_BODY_BYTES });
  } catch (error) {
    if (!(error instanceof IJsonError)) throw error;
    throw new RequestRefusedError(
      'invalid_json',
      `The body is not I-JSON (RFC 7493): ${error.message}.`,
      'Correct the place that "errors" names.',
      { problems: [{ pointer: error.pointer, code: error.code, message: error.message }] },
    );
  }
}
