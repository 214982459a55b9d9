import type { Problem } from '@action-mesh/tools';

import { printable } from './shown-text.js';

/** The most lines of one section. */
const mostShown = 200;
/** The most problems of one tool, or of the import as a whole. */
const mostProblems = 5;
const longestLine = 500;

/** Joins lines and makes each one printable, because most of the text comes from a document or from the network. */
export function printableLines(lines: readonly string[]): string {
  return lines.map((line) => printable(line.slice(0, longestLine))).join('\n');
}

/** Rows of names and counts, aligned. */
export function table(rows: readonly (readonly [name: string, count: number])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, count]) => `  ${name.padEnd(width)}  ${String(count).padStart(6)}`);
}

/** Lines under a heading, up to a bound. Empty if there are no lines. */
export function section(heading: string, texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  const hidden = texts.length - mostShown;
  return [
    '',
    heading,
    ...texts.slice(0, mostShown),
    ...(hidden > 0 ? [`  … and ${hidden} more lines (--json has all)`] : []),
  ];
}

/** The problems of one tool or import, up to a bound. */
export function problemLines(problems: readonly Problem[]): string[] {
  const hidden = problems.length - mostProblems;
  return [
    ...problems.slice(0, mostProblems).map(problemLine),
    ...(hidden > 0 ? [`    … and ${hidden} more`] : []),
  ];
}

/** One problem with its place. */
export function problemLine({ pointer, message }: Problem): string {
  return `    ${pointer === '' ? '' : `${pointer} `}${message}`;
}
