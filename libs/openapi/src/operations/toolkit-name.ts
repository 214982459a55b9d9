/** The most characters of a toolkit's name, of the 64 in each tool's name. */
const longestName = 24;
const trial = '_sandbox';

/** Words that only mean "API" and name no owner. */
const noise = new Set(
  'a an the of for and api apis rest restful http web json openapi swagger spec specification official public reference documentation docs'.split(
    ' ',
  ),
);

/** Words in the titles of half of all APIs, or from a framework. Alone they name no API. */
const generic = new Set(
  'account accounts app application backend core demo event events fastapi gateway main my server service services title untitled version'.split(
    ' ',
  ),
);

/** Domains that give out names to others: `acme.co.uk`, `acme.herokuapp.com`. */
const sharedDomains =
  /(?:^|\.)(?:(?:ac|co|com|edu|gov|net|ne|or|org)\.[a-z]{2}|herokuapp\.com|appspot\.com|azurewebsites\.net|onrender\.com|github\.io|vercel\.app|netlify\.app|fly\.dev)$/;

/**
 * A name for the toolkit of a document: its vendor, by the host of its server, and the words of its title. `GitHub's
 * official OpenAPI spec + more` at `api.github.com` is `github`, `Orders` at `api.acme.com` is `acme_orders`, and
 * `API` there is `acme`.
 *
 * The vendor's name is not repeated. The name for a sandbox ends in `sandbox`. The name has whole words in lower
 * case, as many as fit, and `api_` before a leading digit. Empty if no ASCII word is left.
 */
export function toolkitName(title: string, host = '', isTrial = false): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/['’]s\b|['’]/g, '')
    .toLowerCase();
  // The text after a separator is a subtitle, unless there is no text before it.
  const parts = plain.split(/ [-–—+|/] |[:;,(\n]/).map(words);
  const telling = parts.map((part) => part.filter((word) => !noise.has(word) && !/^v?\d+$/.test(word)));
  const named = telling.filter((part) => part.some((word) => !generic.has(word)));
  const vendor = hostWords(host);
  const ofTitle = named.find((part) => names(part, vendor)) ?? named[0] ?? [];
  const whole = names(ofTitle, vendor) ? vendorFirst(ofTitle, vendor) : [...vendor, ...ofTitle];
  const chosen = [whole, ...telling, ...parts].find((part) => part.length > 0) ?? [];
  const name = fitting(
    /^\d/.test(chosen[0] ?? '') ? ['api', ...chosen] : chosen,
    isTrial ? longestName - trial.length : longestName,
  );
  return isTrial && name !== '' && !name.split('_').includes('sandbox') ? name + trial : name;
}

/**
 * Whether words of a title name the vendor: `Digital Ocean` names `digitalocean.com`, `Google Calendar` names
 * `googleapis.com`.
 */
function names(title: readonly string[], vendor: readonly string[]): boolean {
  if (vendor.length === 0) return true;
  const label = vendor.join('');
  return (
    title.join('').includes(label) ||
    (title[0] !== undefined && title[0].length > 3 && label.startsWith(title[0]))
  );
}

/** `Orders of Acme` at `acme.com` also begins with its vendor. */
function vendorFirst(title: readonly string[], vendor: readonly string[]): readonly string[] {
  const at = vendor.length === 1 ? title.indexOf(vendor[0] ?? '') : -1;
  return at <= 0 ? title : [...vendor, ...title.filter((_, index) => index !== at)];
}

/** The words of the label that its owner registered. Empty if it has no meaning, as in an IP address. */
function hostWords(host: string): readonly string[] {
  const label = host.toLowerCase().replace(sharedDomains, '.shared').split('.').at(-2) ?? '';
  if (/^\d+$/.test(label) || label.startsWith('xn--')) return [];
  const found = words(label);
  return found.some((word) => !noise.has(word) && !generic.has(word)) ? found : [];
}

function words(text: string): string[] {
  return text.match(/[a-z0-9]+/g) ?? [];
}

function fitting([first = '', ...rest]: readonly string[], longest: number): string {
  let name = first.slice(0, longest);
  for (const word of rest) {
    if (name.length + 1 + word.length > longest) break;
    name += `_${word}`;
  }
  return name;
}
