import { usualBodyBytes } from '@action-mesh/contracts/gateway';
import { IJsonError, parseIJson, parseIJsonKeeping, writeJson, type JsonValue } from '@action-mesh/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { RequestRefusedError } from '../../domain/gateway.errors.js';
import { decodeBody } from './content-coding.js';
import { isForm, isUtf8Json, readMediaType } from './media-type.js';
import { HttpProblemError } from './problem.js';
import { protocolProblem } from './protocol-problem.js';
import { routeOf } from './route-table.js';

/**
 * Keeps JSON bodies as bytes, without their content coding. `JSON.parse` would give one value for the texts of two
 * different calls. Any other media type is 415, except for the forms of connect pages at their own routes. Signed deliveries stay
 * as they are, whatever their type.
 */
export function acceptJsonBytes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    // The signature of a delivery covers the bytes as they arrive.
    if (routeOf(request)?.raw === true) return body;
    const type = readMediaType(request.headers['content-type'] ?? '');
    const isRight = routeOf(request)?.form === true ? isForm : isUtf8Json;
    if (type === undefined || !isRight(type)) throw new HttpProblemError(protocolProblem(415));
    const coding = request.headers['content-encoding'];
    return coding === undefined ? body : decodeBody(body, coding, request.routeOptions.bodyLimit);
  });
}

/** Writes answers that contain results exactly as the providers wrote them. */
export function answerExactJson(fastify: FastifyInstance): void {
  fastify.setReplySerializer(writeJson);
}

/** The body as strict I-JSON. Throws `RequestRefusedError`. */
export function readJson(request: FastifyRequest): JsonValue {
  return read(request, parseIJson);
}

/** The body as strict I-JSON, with the outermost members `keep` as exact texts. Throws `RequestRefusedError`. */
export function readJsonKeeping(request: FastifyRequest, ...keep: readonly string[]): unknown {
  return read(request, (body, limits) => parseIJsonKeeping(body, keep, limits));
}

function read<Value>(
  request: FastifyRequest,
  parse: (body: Buffer, limits: { readonly maxBytes: number }) => Value,
): Value {
  const body = readBytes(request);
  try {
    return parse(body, { maxBytes: usualBodyBytes });
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

/** The body as bytes, unread. Throws `RequestRefusedError` without one. */
export function readBytes({ body }: FastifyRequest): Buffer {
  if (Buffer.isBuffer(body) && body.length > 0) return body;
  throw new RequestRefusedError('body_missing', 'The request has no body.', 'Send a JSON body.');
}

/** The body as strict I-JSON, or an empty object for a request without a body. Throws `RequestRefusedError`. */
export function readOptionalJson(request: FastifyRequest): JsonValue {
  const { body } = request;
  const isAbsent = body === undefined || body === null || (Buffer.isBuffer(body) && body.length === 0);
  return isAbsent ? {} : readJson(request);
}
