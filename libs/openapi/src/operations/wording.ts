import { beginsWith, hidesText, prose } from '../text.js';
import type { Findings } from '../finding.js';
import { member, stringAt } from '../json-object.js';
import type { Operation } from './operation.js';

const longestTitle = 120;
/** The most characters of a description. A longer one costs more in every prompt than it helps. */
const longestDescription = 2_000;
const longestTag = 100;
const mostTags = 20;

/** The title and description of a tool, in the words of the document. */
export interface Wording {
  readonly title?: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
}

/** The words of an operation for people, cut to a tool's limits. Method and path if there are none. */
export function wordingOf(operation: Operation, findings: Findings): Wording {
  const { source, pointer, tags, method, path } = operation;
  const summary = stringAt(source, 'summary') ?? '';
  const details = stringAt(source, 'description') ?? '';
  if ([summary, details, ...tags].some(hidesText)) {
    findings.warn('invisible_text', pointer, 'contained invisible characters; they were removed');
  }
  const title = prose(summary.replace(/\s+/g, ' '), longestTitle);
  const text = prose(details, longestDescription);
  const description = beginsWith(text, title) ? text : prose(`${summary}\n\n${details}`, longestDescription);
  const cleanTags = tags.slice(0, mostTags).map((tag) => prose(tag.replace(/\s+/g, ' '), longestTag));
  return {
    ...(title === '' ? {} : { title }),
    description: description === '' ? `${method} ${path}` : description,
    tags: [...new Set(cleanTags.filter((tag) => tag !== ''))],
    deprecated: member(source, 'deprecated') === true,
  };
}
