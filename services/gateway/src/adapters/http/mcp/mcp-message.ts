import { IJsonError, parseIJson, type JsonObject, type JsonValue } from '@action-mesh/kernel';
import { usualBodyBytes } from '@action-mesh/contracts/gateway';

/** The codes of JSON-RPC 2.0 and of MCP that the gateway itself answers with. */
export const rpcCodes = {
  parseError: -32_700,
  invalidRequest: -32_600,
  invalidParams: -32_602,
  internalError: -32_603,
} as const;

/** The levels of a body: those of a body over HTTP, and one more, since the arguments are one level deeper. */
const mostDepth = 33;
/** The longest id of a request, in characters. */
const longestId = 200;

/** One JSON-RPC message of a host, before the protocol library reads it. */
export interface McpMessage {
  readonly body: JsonObject;
  readonly method: string;
  /** Absent: a notification. */
  readonly id: string | number | undefined;
  readonly params: JsonObject;
  /** The member `_meta` of the parameters. */
  readonly meta: JsonObject;
}

/** The body is not one message that the gateway can take. The answer is a JSON-RPC error. */
export interface McpMessageFault {
  readonly code: number;
  readonly message: string;
}

/** Reads the body of a request to `/mcp`: one JSON-RPC message in strict I-JSON. Several in an array are refused. */
export function readMessage(bytes: Buffer): McpMessage | McpMessageFault {
  let body: JsonValue;
  try {
    body = parseIJson(bytes, { maxBytes: usualBodyBytes, maxDepth: mostDepth });
  } catch (error) {
    if (!(error instanceof IJsonError)) throw error;
    const at = error.pointer === '' ? '' : ` at ${error.pointer}`;
    return {
      code: rpcCodes.parseError,
      message: `The body is not I-JSON (RFC 7493): ${error.message}${at}.`,
    };
  }
  if (Array.isArray(body))
    return fault('The body is an array. Send each message in a request of its own; batches are not served.');
  if (!isObject(body)) return fault('The body is no JSON object.');
  const { method, id, params = {} } = body;
  if (typeof method !== 'string')
    return fault('The message has no method. This server asks its clients nothing, so it takes no answers.');
  if (!isObject(params)) return fault('The member params is no JSON object.');
  const isIdKnown = id === undefined || typeof id === 'number' || typeof id === 'string';
  if (!isIdKnown || String(id).length > longestId)
    return fault(`The member id must be a number or a text of at most ${longestId} characters.`);
  const { _meta: meta = {} } = params;
  if (!isObject(meta)) return fault('The member params._meta is no JSON object.');
  return { body, method, id, params, meta };
}

export function isFault(read: McpMessage | McpMessageFault): read is McpMessageFault {
  return 'code' in read;
}

function fault(message: string): McpMessageFault {
  return { code: rpcCodes.invalidRequest, message };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
