import { IJsonError, defined, parseIJson, type JsonValue } from '@action-mesh/kernel';

import { RequestRefusedError } from './gateway.errors.js';

/** One less than the limit of a body, since the arguments are one level deeper in the body. */
const mostDepth = 31;

/**
 * Replaces `arguments` in the form of a JSON text, as OpenAI's models give them, with the object in the text. The text
 * is read as strictly as the body, since it is part of the call's identity. Throws {@link RequestRefusedError}.
 */
export function withArgumentsRead(request: JsonValue): JsonValue {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return request;
  const { arguments: text } = request;
  return typeof text === 'string' ? { ...request, arguments: readObject(text) } : request;
}

function readObject(text: string): JsonValue {
  try {
    const value = parseIJson(text, { maxDepth: mostDepth });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof IJsonError)) throw error;
    const at = error.offset === undefined ? '' : `, at character ${error.offset} of the text`;
    throw refusal(`${error.message}${at}`, error.code);
  }
  throw refusal('the text holds no JSON object');
}

function refusal(message: string, code?: string): RequestRefusedError {
  return new RequestRefusedError(
    'invalid_arguments',
    'The text in "arguments" is not one JSON object.',
    'Send the text as the model gave it, or the object in it. If the model broke off, let it write the text again.',
    { problems: [{ pointer: '/arguments', message, ...defined({ code }) }] },
  );
}
