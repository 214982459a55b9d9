import { z } from 'zod';

/**
 * The built-in tool behind `POST /v1/proxy/:integration`. It is not published and not listed. No other tool may have its
 * name.
 */
export const proxyTool = { slug: 'mesh_proxy', version: '1.0.0' } as const;

/** As `integrationIdSchema`, which lies behind an import of this folder. */
const integrationSchema = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must match ^[a-z][a-z0-9-]{0,62}$');

/**
 * A path below the base URL of the integration. It cannot leave that base: no `..` in any spelling, no empty segment, no
 * backslash, no query and no control character.
 */
const pathSchema = z
  .string()
  .max(4_000)
  .refine(
    isPathBelow,
    'must be a path such as /items/1: it begins with one slash, and has no "..", "//", "\\", "?" or "#"',
  );

const parameterSchema = z.union([z.string().max(4_000), z.number(), z.boolean()]);

/** Headers that the mesh, the HTTP client or the credential sets, and headers of one connection (RFC 9110, 7.6.1). */
const reservedHeader =
  /^(?:authorization|baggage|connection|content-encoding|content-length|cookie|expect|forwarded|host|keep-alive|mesh-.*|proxy-.*|te|trace(?:parent|state)|trailer|transfer-encoding|upgrade|via|x-forwarded-.*)$/i;

const headersSchema = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be the name of a header')
      .refine((name) => !reservedHeader.test(name), 'is set by the mesh or by the credential'),
    z.string().regex(/^[\t\x20-\x7e\x80-\xff]{0,8000}$/, 'must be the value of a header'),
  )
  .refine((headers) => Object.keys(headers).length <= 50, 'has more than 50 headers');

const methodSchema = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const effectSchema = z.enum(['read', 'idempotent', 'opaque']);

const shape = {
  method: methodSchema,
  /** Below the base URL of the integration: `/items/1`. */
  path: pathSchema,
  /** A list repeats its parameter. */
  query: z
    .record(z.string().min(1).max(200), z.union([parameterSchema, z.array(parameterSchema).max(100)]))
    .optional(),
  headers: headersSchema.optional(),
  /** Sent as JSON. With a `content-type` that is not JSON, a string is sent as it is. */
  body: z.json().optional(),
  /**
   * The effect of repeating the request. `read` only with GET and HEAD. `idempotent`: a repetition changes nothing more.
   * `opaque`: the mesh never repeats a request that may have arrived.
   * @default 'opaque'
   */
  effect: effectSchema.optional(),
} as const;

const isReadable = ({ method, effect }: { method: string; effect?: string | undefined }): boolean =>
  effect !== 'read' || method === 'GET' || method === 'HEAD';
const hasPossibleBody = ({ method, body }: { method: string; body?: unknown }): boolean =>
  body === undefined || (method !== 'GET' && method !== 'HEAD');
const wrongRead = { path: ['effect'], message: 'can be "read" only with GET and HEAD' };
const wrongBody = { path: ['body'], message: 'is not possible with GET and HEAD' };

/** The request of `POST /v1/proxy/:integration`: one HTTP request with the credential of a connection. */
export const proxyRequestSchema = z
  .strictObject(shape)
  .refine(isReadable, wrongRead)
  .refine(hasPossibleBody, wrongBody);
export type ProxyRequest = z.infer<typeof proxyRequestSchema>;

/** The arguments of a call of {@link proxyTool}. */
export const proxyArgumentsSchema = z
  .strictObject({ integration: integrationSchema, ...shape })
  .refine(isReadable, wrongRead)
  .refine(hasPossibleBody, wrongBody);
export type ProxyArguments = z.infer<typeof proxyArgumentsSchema>;

function isPathBelow(path: string): boolean {
  if (!path.startsWith('/') || /[\\?#\s\p{Cc}]/u.test(path)) return false;
  const segments = path.slice(1).split('/');
  return segments.every((segment, index) => {
    if (segment === '') return index === segments.length - 1;
    const text = decoded(segment);
    return text !== undefined && text !== '.' && text !== '..' && !/[\\/\p{Cc}]/u.test(text);
  });
}

/** The segment without percent-encoding. Undefined: the encoding is wrong, or nested around a dot or a slash. */
function decoded(segment: string): string | undefined {
  try {
    const text = decodeURIComponent(segment);
    return /%(?:2e|2f|5c)/i.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
