import { z } from 'zod';

/** One message of JSON-RPC 2.0. The protocol describes its parameters. */
export const rpcMessageSchema = z.looseObject({
  jsonrpc: z.literal('2.0'),
  /** Absent: a notification. */
  id: z.union([z.string(), z.int()]).optional(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
});

/** An answer of JSON-RPC 2.0: a result or an error. */
export const rpcAnswerSchema = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.int(), z.null()]).exactOptional(),
  result: z.record(z.string(), z.unknown()).exactOptional(),
  error: z.looseObject({ code: z.int(), message: z.string() }).exactOptional(),
});

/** The metadata of a protected resource (RFC 9728). */
export const resourceMetadataSchema = z.object({
  resource: z.string(),
  authorization_servers: z.array(z.string()),
  scopes_supported: z.array(z.string()),
  bearer_methods_supported: z.array(z.string()),
  resource_name: z.string(),
});
