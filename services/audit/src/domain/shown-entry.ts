import type { AuditEntry, EntryBody } from '@action-mesh/contracts/audit';
import { defined, JsonText } from '@action-mesh/kernel';

import { entryBodyOf } from './chain-verifier.js';

/** An entry as it is stored, with the name of its user if that was not erased. */
export interface StoredEntry {
  readonly seq: number;
  readonly hash: string;
  readonly body: string;
  readonly content: string | undefined;
  readonly userId: string | undefined;
}

/** An entry for readers. An entry that somebody changed is shown as far as it can be read; a verification finds it. */
export function shownEntry({ seq, hash, body, content, userId }: StoredEntry): AuditEntry {
  const read = entryBodyOf(body) ?? (JSON.parse(body) as EntryBody);
  const isErased =
    read.content !== undefined && content === undefined && read.facts['content_kept'] !== false;
  return {
    seq,
    kind: read.kind,
    at: read.at,
    recorded_at: read.recorded_at,
    ...defined({
      trace_id: read.trace_id,
      call_id: read.call_id,
      user_id: userId === '' ? undefined : userId,
      agent_id: read.agent_id,
      run_id: read.run_id,
      step: read.step,
      tool: read.tool,
      tool_version: read.tool_version,
      status: read.status,
      error_category: read.error_category,
      source: read.source,
      content: content === undefined ? undefined : new JsonText(content),
      content_erased: isErased ? (true as const) : undefined,
    }),
    facts: read.facts,
    hash,
  };
}
