import { changeKinds, toolkitVersionSchema, toolSlugSchema } from '@action-mesh/contracts/catalog';
import type { ImportReport } from '@action-mesh/openapi';

import type { CatalogAnswer } from './catalog-answer.js';
import { problemLine, problemLines, section, printableLines, table } from './text-lines.js';

type Difference = CatalogAnswer['differences'][number];

/** The catalog's result of an import, for a person. `select` holds the patterns of the selected operations. */
export function toolkitText(
  answer: CatalogAnswer,
  { operations }: ImportReport,
  select: readonly string[],
): string {
  const { toolkit, release, isNew, differences, conflicts, refused, published } = answer;
  const rows = changeRows(differences);
  const left = select.length === 0 ? 0 : leftOut(differences, operations);
  return printableLines([
    `The catalog has the toolkit "${toolkit}" as ${release ?? 'nothing yet'}${isNew ? '' : ', as before: nothing changed'}.`,
    ...(rows.length === 0 ? [] : ['', ...table(rows)]),
    ...section(
      'Breaking changes',
      differences.filter(({ kind }) => kind === 'breaking').flatMap(breakingLines),
    ),
    ...(left === 0
      ? []
      : [
          '',
          `${left === 1 ? '1 tool of the toolkit is' : `${left} tools of the toolkit are`} missing from this import, and an import replaces the toolkit. Repeat the former --select with this one, or give another --toolkit.`,
        ]),
    ...section(
      'Overrides that need a look',
      conflicts.flatMap(({ slug, revision, conflicts: found, problems }) => [
        `  ${slug}, override ${revision}`,
        ...[...found, ...problems].map(problemLine),
      ]),
    ),
    ...section(
      'Not taken',
      refused.flatMap(({ slug, problems }) => [`  ${slug}`, ...problemLines(problems)]),
    ),
    '',
    ...stableLines(answer),
    ...(published ? [] : ['The catalog could not publish to the topics. It retries until it succeeds.']),
  ]);
}

/**
 * The numbers of new, gone, renamed and changed tools, by kind of change. Kinds that only a newer catalog knows come
 * last.
 */
function changeRows(differences: readonly Difference[]): [name: string, count: number][] {
  const counts = new Map<string, number>(
    ['new', 'gone', 'renamed', ...changeKinds.map((kind) => `changed, ${kind}`)].map((row) => [row, 0]),
  );
  for (const difference of differences) {
    const row = rowOf(difference);
    counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 0);
}

function rowOf({ was, is, kind }: Difference): string {
  if (was === undefined) return 'new';
  if (is !== undefined) return `changed, ${kind}`;
  return kind === 'breaking' ? 'gone' : 'renamed';
}

function breakingLines({ slug, was, is, changes }: Difference): string[] {
  if (is === undefined) return [`  ${slug} ${was ?? ''} is gone`];
  const breaking = changes.filter(({ kind }) => kind === 'breaking');
  return [`  ${slug} ${was ?? 'new'} -> ${is}`, ...breaking.map(problemLine)];
}

/**
 * Tools that are gone because they were not selected. A selected operation that became no tool this time does not
 * count.
 */
function leftOut(differences: readonly Difference[], selected: ImportReport['operations']): number {
  const slugs = new Set(selected.map(({ slug }) => slug));
  return differences.filter((each) => rowOf(each) === 'gone' && !slugs.has(each.slug)).length;
}

function stableLines({ toolkit, release, stable, held }: CatalogAnswer): string[] {
  if (release === undefined || release === stable)
    return [`Callers that pin no version get ${stable ?? 'nothing yet'}.`];
  return [
    held === undefined
      ? `${release} is newer than the stable date.`
      : `${release} does not become stable by itself: ${held}.`,
    `Callers that pin no version stay at ${stable ?? 'nothing'}.`,
    ...moveLines(toolkit, release),
  ];
}

/** Lines to paste into a shell. They contain only a name and a date, so nothing needs quoting. */
function moveLines(toolkit: string, release: string): string[] {
  if (!toolSlugSchema.safeParse(toolkit).success || !toolkitVersionSchema.safeParse(release).success)
    return [];
  return [
    '',
    `GET /v1/toolkits/${toolkit}/changes of the gateway says how they differ. To move "stable", with the gateway's address as GATEWAY_URL:`,
    '',
    `  curl -s -X PUT "$GATEWAY_URL/v1/toolkits/${toolkit}/stable" \\`,
    '    -H "Authorization: Bearer $GATEWAY_API_KEY" -H \'Content-Type: application/json\' \\',
    `    -d '{"version":"${release}"}'`,
  ];
}
