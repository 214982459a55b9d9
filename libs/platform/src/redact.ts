import { defined } from '@action-mesh/kernel';

/** The replacement for a secret. */
export const redacted = '[redacted]';

/** Members with these words in their name are secret in every form. */
const secretWords = 'authorization|cookie|token|secret|passw|credential|api[-_]?key|private[-_]?key';
const secretName = new RegExp(secretWords, 'i');

/** Numbers with `tokens` in their name count something, and so do `token_count` and its kin. */
const secretNumberName = new RegExp(secretWords.replace('|token|', '|token$|'), 'i');

/** Finds the secret members in JSON text, when their value is a text. */
const secretMember = new RegExp(
  String.raw`("[\w.-]{0,64}?(?:${secretWords})[\w.-]{0,64}"\s*:\s*)"[^"\\]*(?:\\.[^"\\]*)*"`,
  'gis',
);

/**
 * Finds secrets by their form in any text: bearer and basic credentials, JWTs and JWEs, keys of the mesh and of
 * well-known providers, and passwords in URLs. No pattern matches a quote or a backslash, so a replacement inside JSON keeps it valid.
 *
 * Texts come from strangers, so each pattern has linear cost: a repetition either ends in a match, or starts at one
 * place of a run of its characters. A JWT begins anywhere in such a run. Its pattern starts where the run starts, sees
 * that two dots follow, and only then looks for the head; the part of the run before the head is replaced with it.
 */
const secretText = new RegExp(
  [
    String.raw`(?<![\w-])(?=[\w-]+\.[\w-]*\.)[\w-]*?(?<![a-z\d])eyJ[\w-]{8,}(?:\.[\w-]*){2,4}`,
    String.raw`(?<![a-z\d])(?:Bearer|Basic)\s+[\w\-.~+/]{6,}=*`,
    String.raw`(?<![a-z\d])xox[a-z]-[\w-]{8,}`,
    String.raw`(?<![a-z\d])gh[oprsu]_\w{16,}`,
    String.raw`(?<![a-z\d])ya29\.[\w-]{8,}`,
    String.raw`(?<![a-z\d])sk_(?:live|test)_\w{8,}`,
    String.raw`(?<![a-z\d])mesh(?:pub)?_[a-z]{3,4}_[\da-z]{16}_\w{8,}`,
    String.raw`(?<=://)[^\s/:@"\\]+:[^\s/@"\\]+(?=@)`,
  ].join('|'),
  'gi',
);

const deepest = 8;

/** Whether a member of this name is secret when its value is a text, an object or a list. */
export function isSecretMemberName(name: string): boolean {
  return secretName.test(name);
}

/** Whether a member of this name is secret when its value is a number. */
export function isSecretNumberName(name: string): boolean {
  return secretNumberName.test(name);
}

/** Removes secrets from a line of JSON. It runs last and covers the parts that no formatter saw. */
export function redactLine(line: string): string {
  return redactText(line.replace(secretMember, `$1"${redacted}"`));
}

/** Replaces every text that looks like a credential. */
export function redactText(text: string): string {
  return text.replace(secretText, redacted);
}

/**
 * Copies a value for the log, without the members that are secret by name. Errors become type, code, message, stack and
 * cause, since their other members may hold whole requests. Never throws, and ends on cycles.
 */
export function redactMembers(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === deepest) return '[deeper]';
  if (value instanceof Error) return describeError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item) => redactMembers(item, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    copy[name] = isSecret(name, member) ? redacted : redactMembers(member, depth + 1);
  }
  return copy;
}

function isSecret(name: string, member: unknown): boolean {
  if (typeof member === 'number' || typeof member === 'bigint') return isSecretNumberName(name);
  return (
    isSecretMemberName(name) &&
    (typeof member === 'string' || (typeof member === 'object' && member !== null))
  );
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: error.message,
    ...defined({ stack: error.stack }),
    ...(cause === undefined ? {} : { cause: redactMembers(cause, depth + 1) }),
  };
}
