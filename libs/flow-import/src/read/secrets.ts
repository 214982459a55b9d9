import type { JsonValue } from '@action-mesh/kernel';

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
  ['JSON web token', /\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{0,2000}/g],
  ['Telegram bot token', /\b\d{8,10}:[A-Za-z0-9_-]{35}\b/g],
  ['SendGrid key', /\bSG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,80}/g],
  ['bearer token', /(?<=\b(?:Bearer|Basic|Token) )[A-Za-z0-9+/=._~-]{12,4000}/g],
  ['password in an address', /(?<=:\/\/[^\s/:@]{1,100}:)[^\s/:@{}]{1,200}(?=@)/g],
  [
    'key in an address',
    /(?<=[?&](?:api[_-]?key|apikey|access[_-]?token|auth[_-]?token|token|key|secret|client[_-]?secret|password|sig|signature)=)[A-Za-z0-9+/=._~%-]{8,1000}/gi,
  ],
  [
    'assigned secret',
    /(?<=\b(?:api[_-]?key|apikey|secret|client[_-]?secret|password|passwd|access[_-]?token|auth[_-]?token|bot[_-]?token)["']?\s{0,3}[:=]\s{0,3}["'`])[^"'`\s{}]{6,1000}(?=["'`])/gi,
  ],
];

/** Members whose text is a secret by their name. */
const secretName =
  /^(?:x[-_])?(?:authorization|proxy-authorization|cookie|api[-_]?key|apikey|auth[-_]?token|access[-_]?token|token|secret|client[-_]?secret|password|passwd|auth[-_]?pass|private[-_]?key|signature|secret[-_]?key|auth[-_]?key)$/i;

/** Texts that stand for a value that the author did not give: expressions and placeholders. */
const placeholder = /\{\{|^=|^<.*>$|^\[.*\]$|^(?:your|redacted|changeme|xxx|\*+|\.\.\.)/i;

const withheld = (kind: string) => `<withheld: ${kind}>`;

/**
 * Copies an export without its secrets. Everything behind the copy, code and report alike, sees only the marks that
 * stand in their places.
 */
export function withoutSecrets(value: JsonValue): { value: JsonValue; secrets: readonly FoundSecret[] } {
  const secrets: FoundSecret[] = [];
  return { value: copy(value, [], secrets), secrets };
}

function copy(value: JsonValue, path: readonly string[], secrets: FoundSecret[]): JsonValue {
  if (typeof value === 'string') return masked(value, path, secrets);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => copy(item, [...path, String(index)], secrets));
  // A pair such as { name: 'Authorization', value: '…' }: the name of one member tells what the other is.
  const pairName = [value['name'], value['key']].find((name) => typeof name === 'string');
  const isSecretPair = typeof pairName === 'string' && secretName.test(pairName.trim());
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const here = [...path, name];
      const isSecret = secretName.test(name) || (name === 'value' && isSecretPair);
      if (isSecret && typeof member === 'string' && isRealText(member)) {
        secrets.push({ where: place(here), kind: 'credential' });
        return [name, withheld('credential')];
      }
      return [name, copy(member, here, secrets)];
    }),
  );
}

function isRealText(value: string): boolean {
  const bare = value.replace(/^(?:Bearer|Basic|Token) /i, '').trim();
  return bare.length >= 6 && !placeholder.test(bare);
}

function masked(text: string, path: readonly string[], secrets: FoundSecret[]): string {
  let result = text;
  for (const [kind, pattern] of patterns) {
    result = result.replaceAll(pattern, (found: string) => {
      if (placeholder.test(found)) return found;
      secrets.push({ where: place(path), kind });
      return withheld(kind);
    });
  }
  return result;
}

/** A member's name may itself be a secret; then the path ends before it. */
function place(path: readonly string[]): string {
  const clean = path.map((part) => (patterns.some(([, pattern]) => part.search(pattern) >= 0) ? '…' : part));
  return clean.join('.').slice(0, 300);
}
