import { createHash } from 'node:crypto';

import { encodeComponent, scalarText } from './argument-text.js';
import { readFile, type GivenFile } from './file-argument.js';

/** The name of a file without a name of its own. Servers take a part without a file name as a text. */
const unnamed = 'file';

/** A body of the type `multipart/form-data` (RFC 7578), with the media type that names its boundary. */
export interface Multipart {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/**
 * Writes members as parts, in their order. A list repeats its part, a file is a part with a filename, an object is
 * JSON, and null or an empty list is an empty text. The boundary is a hash of the parts: the same members always give
 * the same bytes, and no part can contain it.
 */
export function multipart(
  members: readonly (readonly [name: string, value: unknown, argument: string])[],
  files: Readonly<Record<string, string>>,
): Multipart {
  const parts = members.flatMap(([name, value, argument]) => {
    const mediaType = Object.hasOwn(files, name) ? files[name] : undefined;
    const items: readonly unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
    return items.map((item) =>
      mediaType === undefined || item === null
        ? valuePart(argument, name, item)
        : filePart(argument, name, readFile(argument, item, mediaType)),
    );
  });
  const hash = createHash('sha256');
  for (const part of parts) hash.update(String(part.length)).update(':').update(part);
  const boundary = `mesh-${hash.digest('hex').slice(0, 48)}`;
  const separator = Buffer.from(`--${boundary}\r\n`);
  const end = Buffer.from('\r\n');
  const bytes = Buffer.concat([
    ...parts.flatMap((part) => [separator, part, end]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  return { bytes, mediaType: `multipart/form-data; boundary=${boundary}` };
}

function valuePart(argument: string, name: string, value: unknown): Buffer {
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
  const isJson = !isEmpty && typeof value === 'object';
  const text = isEmpty ? '' : isJson ? JSON.stringify(value) : scalarText(argument, value);
  const type = isJson ? '\r\ncontent-type: application/json' : '';
  return Buffer.from(`${disposition(argument, name)}${type}\r\n\r\n${text}`);
}

function filePart(argument: string, name: string, { bytes, filename, contentType }: GivenFile): Buffer {
  const file = quoted(argument, filename ?? unnamed);
  const head = `${disposition(argument, name)}; filename=${file}\r\ncontent-type: ${contentType}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

function disposition(argument: string, name: string): string {
  return `content-disposition: form-data; name=${quoted(argument, name)}`;
}

/** Writes a name as browsers do: characters that would end the line or the quotes are percent-encoded. */
function quoted(argument: string, text: string): string {
  // Refuses half of a surrogate pair.
  encodeComponent(argument, text);
  const safe = text
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll('"', '%22')
    .replaceAll('\0', '%00');
  return `"${safe}"`;
}
