/** What a toolkit's name takes of the 64 characters of each tool's. */
const LONGEST_NAME = 24;

/** Words that say that it is an API, and not whose. */
const NOISE = new Set(
  'a an the of for and api apis rest restful http web json openapi swagger spec specification official public reference documentation docs'.split(
    ' ',
  ),
);

/** Words that half of all APIs have in their title, or a framework puts there; alone they name none. */
const GENERIC = new Set(
  'account accounts app application backend core demo event events fastapi gateway main my server service services title untitled version'.split(
    ' ',
  ),
);

/** Below these, others give out names: `acme.co.uk`, `acme.herokuapp.com`. */
const SHARED_DOMAINS =
  /(?:^|\.)(?:(?:ac|co|com|edu|gov|net|ne|or|org)\.[a-z]{2}|herokuapp\.com|appspot\.com|azurewebsites\.net|onrender\.com|github\.io|vercel\.app|netlify\.app|fly\.dev)$/;

/**
 * A name for the toolkit of a document with this title: `GitHub's official OpenAPI spec + more` is `github`, `The Jira Cloud
 * platform REST API` is `jira_cloud_platform`. Where the title says nothing, as `API` or `Account` do, it is named after the
 * host of its server: `api.example.com` is `example`. Whole words in lower case, as many as fit; `api_` stands before a digit.
 * Empty where no word is left in ASCII.
 */
export function toolkitName(title: string, host = ''): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/['’]s\b|['’]/g, '')
    .toLowerCase();
  // What comes after a separator is a subtitle, unless nothing is said before.
  const parts = plain.split(/ [-–—+|/] |[:;,(\n]/).map(words);
  const telling = parts.map((part) => part.filter((word) => !NOISE.has(word) && !/^v?\d+$/.test(word)));
  const named = telling.filter((part) => part.some((word) => !GENERIC.has(word)));
  const chosen = [...named, hostWords(host), ...telling, ...parts].find((part) => part.length > 0) ?? [];
  return fitting(/^\d/.test(chosen[0] ?? '') ? ['api', ...chosen] : chosen);
}

/** The words of the label that its owner registered; none where that says as little, as of an IP address. */
function hostWords(host: string): readonly string[] {
  const label = host.toLowerCase().replace(SHARED_DOMAINS, '.shared').split('.').at(-2) ?? '';
  if (/^\d+$/.test(label) || label.startsWith('xn--')) return [];
  const found = words(label);
  return found.some((word) => !NOISE.has(word) && !GENERIC.has(word)) ? found : [];
}

function words(text: string): string[] {
  return text.match(/[a-z0-9]+/g) ?? [];
}

function fitting([first = '', ...rest]: readonly string[]): string {
  let name = first.slice(0, LONGEST_NAME);
  for (const word of rest) {
    if (name.length + 1 + word.length > LONGEST_NAME) break;
    name += `_${word}`;
  }
  return name;
}
