import { changeKinds, toolkitVersionSchema, toolSlugSchema } from '@action-mesh/contracts/catalog';
import type { ImportReport } from '@action-mesh/openapi';

import type { CatalogAnswer } from './catalog-answer.js';
import { problemLine, problemLines, section, printableLines, table } from './text-lines.js';

type Difference = CatalogAnswer['differences'][number];

/** What the catalog made of the tools, for a person. `select`: of which operations they are. */
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
      'What breaks callers',
      differences.filter(({ kind }) => kind === 'breaking').flatMap(breakingLines),
    ),
    ...(left === 0
      ? []
      : [
          '',
          `${left === 1 ? '1 tool that the toolkit had is' : `${left} tools that the toolkit had are`} not among these: an import replaces the toolkit. Repeat the former --select with this one, or give another --toolkit.`,
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
    ...(published ? [] : ['The topics could not be reached; the catalog tries again until they are.']),
  ]);
}

/** How many tools are new, gone, renamed, or changed, and how; kinds that only a newer catalog knows come last. */
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

/** Tools that are gone since they were not selected; not those that were, and became no tool this time. */
function leftOut(differences: readonly Difference[], selected: ImportReport['operations']): number {
  const slugs = new Set(selected.map(({ slug }) => slug));
  return differences.filter((each) => rowOf(each) === 'gone' && !slugs.has(each.slug)).length;
}

function stableLines({ toolkit, release, stable, held }: CatalogAnswer): string[] {
  if (release === undefined || release === stable)
    return [`Who pins no version gets ${stable ?? 'nothing yet'}.`];
  return [
    held === undefined
      ? `${release} is newer than what is stable.`
      : `${release} does not become stable by itself: ${held}.`,
    `Who pins no version stays at ${stable ?? 'nothing'}.`,
    ...moveLines(toolkit, release),
  ];
}

/** To be pasted into a shell, so out of nothing but what is a name and a date. */
function moveLines(toolkit: string, release: string): string[] {
  if (!toolSlugSchema.safeParse(toolkit).success || !toolkitVersionSchema.safeParse(release).success)
    return [];
  return [
    '',
    `GET /v1/toolkits/${toolkit}/changes of the gateway says how they differ. To move "stable", with the gateway's address as GATEWAY:`,
    '',
    `  curl -s -X PUT "$GATEWAY/v1/toolkits/${toolkit}/stable" \\`,
    '    -H "Authorization: Bearer $GATEWAY_API_KEY" -H \'Content-Type: application/json\' \\',
    `    -d '{"version":"${release}"}'`,
  ];
}
