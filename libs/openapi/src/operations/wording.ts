import { beginsWith, hidesText, prose } from '../text.js';
import type { Findings } from '../finding.js';
import { member, textAt } from '../json-object.js';
import type { Operation } from './operation.js';

const LONGEST_TITLE = 120;
/** Beyond this, a description costs more in every prompt than it tells. */
const LONGEST_DESCRIPTION = 2_000;
const LONGEST_TAG = 100;
const MOST_TAGS = 20;

/** What a tool is called and what is said about it, in the words of the document. */
export interface Wording {
  readonly title?: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
}

/** What an operation says to people, cut to what a tool holds; method and path where it says nothing. */
export function wordingOf(operation: Operation, findings: Findings): Wording {
  const { source, pointer, tags, method, path } = operation;
  const summary = textAt(source, 'summary') ?? '';
  const details = textAt(source, 'description') ?? '';
  if ([summary, details, ...tags].some(hidesText)) {
    findings.warn(
      'invisible_text',
      pointer,
      'held characters that a reader does not see; they were taken out',
    );
  }
  const title = prose(summary.replace(/\s+/g, ' '), LONGEST_TITLE);
  const text = prose(details, LONGEST_DESCRIPTION);
  const description = beginsWith(text, title) ? text : prose(`${summary}\n\n${details}`, LONGEST_DESCRIPTION);
  const cleanTags = tags.slice(0, MOST_TAGS).map((tag) => prose(tag.replace(/\s+/g, ' '), LONGEST_TAG));
  return {
    ...(title === '' ? {} : { title }),
    description: description === '' ? `${method} ${path}` : description,
    tags: [...new Set(cleanTags.filter((tag) => tag !== ''))],
    deprecated: member(source, 'deprecated') === true,
  };
}
