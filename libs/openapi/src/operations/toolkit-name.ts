/** What a toolkit's name takes of the 64 characters of each tool's. */
const LONGEST_NAME = 24;

/** Words that say that it is an API, and not whose. */
const NOISE = new Set(
  'a an the of for and api apis rest restful http web json openapi swagger spec specification official public reference documentation docs'.split(
    ' ',
  ),
);

/**
 * A name for the toolkit of a document with this title: `GitHub's official OpenAPI spec + more` is `github`, `The Jira Cloud
 * platform REST API` is `jira_cloud_platform`. Whole words in lower case, as many as fit. Empty where the title has no word in
 * ASCII.
 */
export function toolkitName(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/['’]s\b|['’]/g, '')
    .toLowerCase();
  // What comes after a separator is a subtitle, unless nothing is said before.
  const parts = plain.split(/ [-–—+|/] |[:;,(\n]/).map(words);
  const telling = parts.map((part) => part.filter((word) => !NOISE.has(word) && !/^v?\d+$/.test(word)));
  const chosen = [...telling, ...parts].find((part) => part.length > 0) ?? [];
  return fitting(chosen);
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
