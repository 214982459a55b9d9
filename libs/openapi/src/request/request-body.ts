import type { OpenApiDocument } from '../document/openapi-document.js';
import { below, type Findings } from '../finding.js';
import { isJsonObject, member, objectAt, type ReadonlyJsonObject } from '../json-object.js';
import type { Operation } from '../operations/operation.js';

/** The format of a body in the mesh. */
export type Encoding = 'json' | 'form' | 'multipart' | 'bytes';

/** The body of an operation, in one of its formats that the mesh supports. */
export interface DeclaredBody {
  readonly required: boolean;
  readonly encoding: Encoding;
  /** Set for another JSON type than `application/json`. */
  readonly contentType?: string;
  /** The media type of a body of bytes. */
  readonly mediaType?: string;
  /** The document's entry for the media type, with schema and examples. */
  readonly media: ReadonlyJsonObject;
  readonly pointer: string;
}

const formMediaType = 'application/x-www-form-urlencoded';
const multipartMediaType = 'multipart/form-data';
/** A media type that a request can name. */
const named = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;
const methods: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Reads the body. An optional body without a media type counts as none. If the method has no body, an optional body
 * is left out with a warning. A body in an unsupported format is refused even if it is optional, because without it
 * the operation would hardly match its name.
 */
export function declaredBody(
  document: OpenApiDocument,
  { method, source, pointer }: Operation,
  findings: Findings,
): DeclaredBody | undefined {
  const declared = member(source, 'requestBody');
  if (declared === undefined) return undefined;
  const at = below(pointer, 'requestBody');
  const followed = document.follow(declared, at);
  if (!followed.ok) {
    findings.refuse(followed.code, at, followed.message);
    return undefined;
  }
  const required = member(followed.value, 'required') === true;
  const content = objectAt(followed.value, 'content');
  if (!required && Object.keys(content).length === 0) return undefined;
  if (!methods.has(method)) {
    const reason = `is a body in a ${method}`;
    if (required) findings.refuse('body_without_place', at, reason);
    else findings.warn('body_without_place', at, `${reason}; it is optional, and was left out`);
    return undefined;
  }
  const chosen = chooseMediaType(Object.keys(content));
  if (chosen === undefined) {
    const types = Object.keys(content).slice(0, 5).join(', ').slice(0, 200);
    const reason =
      types === ''
        ? 'has no media type'
        : `is accepted only as ${types}, and the mesh supports JSON, forms and files`;
    findings.refuse('body_media_type', at, reason);
    return undefined;
  }
  const media = member(content, chosen.type);
  const contentType = chosen.type.trim().toLowerCase();
  const isOther =
    chosen.encoding === 'json' && !/^(application\/json|\*\/\*|application\/\*)\s*(;|$)/.test(contentType);
  return {
    required,
    encoding: chosen.encoding,
    ...(isOther ? { contentType } : {}),
    ...(chosen.encoding === 'bytes' ? { mediaType: bytesType(contentType) } : {}),
    media: isJsonObject(media) ? media : {},
    pointer: below(followed.pointer, 'content', chosen.type),
  };
}

/** JSON first, then its variants, then forms, then files. Among forms, multipart goes first. */
function chooseMediaType(types: readonly string[]): { type: string; encoding: Encoding } | undefined {
  const json = types.find((type) => /^application\/json\s*(;|$)/i.test(type)) ?? types.find(isJson);
  if (json !== undefined) return { type: json, encoding: 'json' };
  const form = types.find((type) => type.toLowerCase().startsWith(formMediaType));
  if (form !== undefined) return { type: form, encoding: 'form' };
  const multipart = types.find((type) => type.toLowerCase().startsWith(multipartMediaType));
  if (multipart !== undefined) return { type: multipart, encoding: 'multipart' };
  const bytes = types.find(
    (type) => !/^multipart\//i.test(type) && /^[\w.+*-]{1,100}\/[\w.+*-]{1,100}/.test(type),
  );
  return bytes === undefined ? undefined : { type: bytes, encoding: 'bytes' };
}

/** The media type without its parameters. For a range it is the type of any bytes. */
function bytesType(type: string): string {
  const [name = ''] = type.split(';', 1);
  return named.test(name.trim()) ? name.trim() : 'application/octet-stream';
}

/** Whether a media type is JSON, or any type. */
export function isJson(type: string): boolean {
  return /^(application\/([a-z0-9.+-]{1,100}\+)?json|\*\/\*|application\/\*)\s*(;|$)/i.test(type);
}
