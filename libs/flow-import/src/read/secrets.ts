import { IJsonError, parseIJson, type JsonValue } from '@action-mesh/kernel';

import { namesSecret } from './secret-names.js';

/** A secret inside an export. The value itself is kept nowhere. */
export interface FoundSecret {
  /** The path of the member, such as `nodes.2.parameters.jsCode`. */
  readonly where: string;
  readonly kind: string;
}

/** Texts that are secrets by their form. Each pattern is linear: no repetition can be split in two ways. */
const patterns: readonly (readonly [kind: string, pattern: RegExp])[] = [
  [
    'private key',
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,10000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
  ],
  ['AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ['API key', /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{16,200}/g],
  ['GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{20,100}|github_pat_[A-Za-z0-9_]{20,120})/g],
  ['Slack token', /\bxox[abeprs]-[A-Za-z0-9-]{8,200}/g],
  [
    'Slack webhook address',
    /https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]{8,200}/g,
  ],
  [
    'Discord webhook address',
    /https:\/\/(?:[a-z]{1,20}\.)?discord(?:app)?\.com\/api\/webhooks\/[A-Za-z0-9/_-]{8,200}/g,
  ],
  ['Google API key', /\bAIza[0-9A-Za-z_-]{30,50}/g],
  // Begins where a run of its letters begins: a run of many heads would be read once for each of them.
  [
    'JSON web token',
    /(?<![\w-])(?=[\w-]+\.[\w-]{8,}\.)[\w-]*?(?<![A-Za-z0-9])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  ],
  ['Telegram bot token', /\b\d{8,10}:[A-Za-z0-9_-]{35}\b/g],
  ['SendGrid key', /\bSG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,80}/g],
  ['bearer token', /(?<=\b(?:Bearer|Basic|Token) )[A-Za-z0-9+/=._~-]{12,4000}/g],
  ['password in an address', /(?<=:\/\/[^\s/:@]{1,100}:)[^\s/:@{}]{1,200}(?=@)/g],
  [
    'key in an address',
    /(?<=(?:^|[?&])(?:[a-z]{1,20}[_-])?(?:api[_-]?key|apikey|token|key|secret|password|sig|signature)=)[A-Za-z0-9+/=._~%-]{8,1000}/gi,
  ],
  // Quotes have backslashes before them in JSON within JSON.
  [
    'assigned secret',
    /(?<=\b(?:api[_-]?key|apikey|secret|password|passwd|authorization|token|[a-z]{1,20}[_-]?(?:secret|token|password|api[_-]?key))\\{0,8}["']?\s{0,3}[:=]\s{0,3}\\{0,8}["'`](?:(?:ApiKey|Basic|Bearer|Key|Token) )?)[^"'`\\\s{}<>]{6,1000}(?=\\{0,8}["'`])/gi,
  ],
];

/** Texts that stand for a value which the author did not give. */
const sampleValue = /^(?:<.*>|\[.*\]|(?:your|redacted|changeme|xxx|\*+|\.\.\.).*)$/is;
/** Parts of a text that the old product evaluates. */
const evaluated = /\{\{([^{}]*)\}\}/g;
/** Texts within the expressions of the products. */
const quotedText = /'[^'\\]*'|"[^"\\]*"|`[^`\\$]*`/g;

const withheld = (kind: string) => `<withheld: ${kind}>`;
/** JSON within JSON within JSON: each level doubles the backslashes, so real files have few. */
const deepestText = 8;
const textLimits = { maxBytes: 16_000_000, maxDepth: 100 };

/**
 * Copies an export without its secrets. Everything behind the copy, code and report alike, sees only the marks that
 * stand in their places.
 *
 * The value must be unwrapped as far as any reader goes: JSON within a text is searched like the rest, and a text that
 * is no JSON by its forms alone.
 */
export function withoutSecrets(value: JsonValue): { value: JsonValue; secrets: readonly FoundSecret[] } {
  const secrets: FoundSecret[] = [];
  return { value: copy(value, { path: [], isSecret: false, texts: 0 }, secrets), secrets };
}

interface SecretPlace {
  readonly path: readonly string[];
  /** The name of the member says that its text is a secret. */
  readonly isSecret: boolean;
  /** How many texts of JSON are around. */
  readonly texts: number;
}

function copy(value: JsonValue, place: SecretPlace, secrets: FoundSecret[]): JsonValue {
  const { path, isSecret } = place;
  if (typeof value === 'string') return textWithout(value, place, secrets);
  if (typeof value === 'number' && isSecret && String(value).length >= 6) {
    secrets.push({ where: shown(path), kind: 'credential' });
    return withheld('credential');
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((item, index) => copy(item, { ...place, path: [...path, String(index)] }, secrets));
  }
  // A pair such as { name: 'Authorization', value: '…' }: the name of one member tells what the other is.
  const isSecretPair = [value['name'], value['key']].some(
    (name) => typeof name === 'string' && namesSecret(name),
  );
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isValue = /^(?:[a-z]{1,20}V|v)alue$/.test(name) && (isSecret || isSecretPair);
      const inner = { ...place, path: [...path, name], isSecret: isValue || namesSecret(name) };
      return [name, copy(member, inner, secrets)];
    }),
  );
}

function textWithout(text: string, place: SecretPlace, secrets: FoundSecret[]): string {
  if (place.isSecret && isRealText(text)) {
    secrets.push({ where: shown(place.path), kind: 'credential' });
    return withheld('credential');
  }
  // A text that n8n evaluates begins with an equals sign.
  const mark = text.startsWith('=') ? '=' : '';
  const inner = place.texts < deepestText ? jsonIn(text.slice(mark.length)) : undefined;
  if (inner !== undefined) {
    const before = secrets.length;
    const clean = copy(inner, { ...place, texts: place.texts + 1 }, secrets);
    // A text without secrets keeps its bytes.
    if (secrets.length > before) return `${mark}${JSON.stringify(clean)}`;
  }
  return masked(text, place.path, secrets);
}

/** The value that a text of JSON holds, or undefined. */
function jsonIn(text: string): JsonValue | undefined {
  if (!/^\s*[{["]/.test(text)) return undefined;
  try {
    return parseIJson(text, textLimits);
  } catch (error) {
    if (error instanceof IJsonError) return undefined;
    throw error;
  }
}

/** Whether a text holds a value of its own, beside sample values and references to other steps. */
function isRealText(text: string): boolean {
  const bare = text
    .replaceAll(evaluated, (_whole, expression: string) => constantOf(expression) ?? ' ')
    .replace(/^=/, '')
    .replace(/^\s*(?:Bearer|Basic|Token) /i, '')
    .trim();
  if (sampleValue.test(bare)) return false;
  const hasReference = [...text.matchAll(evaluated)].some(
    ([, inner = '']) => constantOf(inner) === undefined,
  );
  return hasReference ? /[A-Za-z0-9+/=._~-]{8}/.test(bare) : bare.length >= 6;
}

/** The text of an expression that is made of texts alone, such as `'Bearer ' + 'abc'`. */
function constantOf(expression: string): string | undefined {
  const rest = expression.replaceAll(quotedText, '');
  if (/[^\s+()]/.test(rest)) return undefined;
  return (expression.match(quotedText) ?? []).map((text) => text.slice(1, -1)).join('');
}

function masked(text: string, path: readonly string[], secrets: FoundSecret[]): string {
  let result = text;
  for (const [kind, pattern] of patterns) {
    result = result.replaceAll(pattern, (found: string) => {
      if (sampleValue.test(found)) return found;
      secrets.push({ where: shown(path), kind });
      return withheld(kind);
    });
  }
  return result;
}

/** A member's name may itself be a secret; then the path ends before it. */
function shown(path: readonly string[]): string {
  const clean = path.map((part) => (patterns.some(([, pattern]) => part.search(pattern) >= 0) ? '…' : part));
  return clean.join('.').slice(0, 300);
}
