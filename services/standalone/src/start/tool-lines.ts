import type { PublicationReport } from '@action-mesh/catalog';

/** Warnings about the found tools, one sentence each. `ownTools` is `CATALOG_TOOLS` of this start. */
export function toolWarnings(report: PublicationReport, ownTools = ''): string[] {
  return [
    ...report.refused.map(
      ({ source, problems }) =>
        `${source} ${problems.map(({ pointer, message }) => `${pointer === '' ? '' : `${pointer} `}${message}`).join('; ')}`,
    ),
    ...report.unreachable.map(
      ({ source, baseUrl, entry }) =>
        `no call reaches ${source} at ${baseUrl}: start with EGRESS_ALLOW=${entry}`,
    ),
    ...(report.held.length === 0 ? [] : [`kept while something cannot be read: ${listed(report.held)}`]),
    ...(report.unconfirmed.length === 0
      ? []
      : [
          `kept although no folder defines them any more: ${listed(report.unconfirmed)}. ${withdrawCommand(ownTools)} withdraws them`,
        ]),
  ];
}

/** The results of an edit of the tools, one line each. */
export function toolLines(report: PublicationReport, ownTools = ''): string[] {
  const { published, withdrawn } = report;
  return [
    ...(published.length === 0 ? [] : [`tools: published ${listed(published)}`]),
    ...(withdrawn.length === 0 ? [] : [`tools: withdrew ${listed(withdrawn)}`]),
    ...toolWarnings(report, ownTools).map((warning) => `tools: ${warning}`),
    ...(published.length + withdrawn.length + report.refused.length === 0 ? ['tools: nothing changed'] : []),
  ];
}

function listed(keys: readonly string[]): string {
  const shown = keys.slice(0, 10).join(', ');
  return keys.length <= 10 ? shown : `${shown} and ${keys.length - 10} more`;
}

/** The command that withdraws tools. Without its `CATALOG_TOOLS` it would withdraw the tools of those folders too. */
function withdrawCommand(ownTools: string): string {
  if (ownTools === '') return 'CATALOG_WITHDRAW=yes npm start';
  const isPlain = /^[\w@%+=:,./-]+$/.test(ownTools);
  const value = isPlain ? ownTools : `'${ownTools.replaceAll("'", `'\\''`)}'`;
  return `CATALOG_TOOLS=${value} CATALOG_WITHDRAW=yes npm start`;
}
