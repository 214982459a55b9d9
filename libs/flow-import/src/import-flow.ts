import type { Tool } from '@action-mesh/contracts/catalog';

import { FreeNames, slugOf } from './code/identifiers.js';
import { printDraft, printTools, type DraftFile } from './code/print-draft.js';
import type { Workflow } from './model/workflow.js';
import { readMake } from './make/read-make.js';
import { readN8n } from './n8n/read-n8n.js';
import { readZapier } from './zapier/read-zapier.js';
import { plainTextOf } from './read/fields.js';
import { parseExport } from './read/parse-export.js';
import { flowReport, type FlowReport } from './report/flow-report.js';
import { flowReportText } from './report/report-text.js';

export interface FlowImportRequest {
  /** The export as text. */
  readonly text: string;
  /** The name of the file, for the report. */
  readonly name: string;
  /** The tools that the tenant can call. */
  readonly catalogue: readonly Tool[];
}

export interface FlowImport {
  /** The draft and its report, sorted by path. */
  readonly files: readonly DraftFile[];
  readonly report: FlowReport;
}

/**
 * Imports an export of n8n, Make or Zapier as a draft: TypeScript files, and a report on every node. Nothing of the
 * export runs. The same request gives the same bytes. Throws `FlowImportError` for a file that is no such export.
 */
export function importFlow({ text, name, catalogue }: FlowImportRequest): FlowImport {
  const { source, workflows, secrets } = parseExport(text);
  const flowIds = new FreeNames('-', ['tools']);
  const read: Workflow[] = [];
  if (source === 'n8n') {
    const children = new Map<string, string>();
    for (const workflow of workflows) {
      const id = plainTextOf(workflow['id']);
      if (id !== undefined)
        children.set(id, flowIds.take(slugOf(plainTextOf(workflow['name']) ?? '', 'flow')));
    }
    for (const workflow of workflows) read.push(readN8n(workflow, catalogue, flowIds, children));
  } else if (source === 'make') {
    for (const workflow of workflows) read.push(readMake(workflow, catalogue, flowIds));
  } else {
    for (const workflow of workflows) read.push(readZapier(workflow, catalogue, flowIds));
  }
  const drafts = read.map((workflow) => ({ workflow, draft: printDraft(workflow) }));
  const report = flowReport(name, source, drafts, secrets);
  const tools = printTools(drafts.flatMap(({ draft }) => draft.tools));
  const files = [
    ...drafts.flatMap(({ draft }) => draft.files),
    ...(tools === undefined ? [] : [tools]),
    { path: 'report.json', text: `${JSON.stringify(report, undefined, 2)}\n` },
    { path: 'report.md', text: flowReportText(report) },
  ].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, report };
}
