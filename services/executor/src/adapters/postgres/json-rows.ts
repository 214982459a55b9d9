/**
 * The rows of a statement as one JSON array, for `json_populate_recordset`. Half of a surrogate pair becomes U+FFFD:
 * PostgreSQL refuses such halves, and one would fail the whole batch.
 */
export function jsonRows(rows: readonly object[]): string {
  const text = JSON.stringify(rows);
  // JSON.stringify writes this escape only for half a surrogate pair.
  return text.includes('\\ud') ? JSON.stringify(rows, wellFormed) : text;
}

/** Bytes as a JSON member that PostgreSQL reads as `bytea`. */
export function bytea(bytes: Buffer): string {
  return hexBytea(bytes.toString('hex'));
}

/** Hexadecimal digits as a JSON member that PostgreSQL reads as `bytea`. */
export function hexBytea(hex: string): string {
  return `\\x${hex}`;
}

function wellFormed(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value).toString() : value;
}
