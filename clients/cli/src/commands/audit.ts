import type { ApiAnswers } from '@action-mesh/sdk';
import type { Command } from 'commander';

import { exitCodes } from '../exit-code.js';
import type { CommandContext, CommandSession } from '../program/command-session.js';
import { printable } from '../tools-import/shown-text.js';

type HistoryProof = ApiAnswers['verifyHistory'];

/** Adds `mesh audit`. */
export function addAudit(program: Command, session: CommandSession): void {
  program
    .command('audit')
    .description('the signed history')
    .command('verify')
    .description('verify that nobody changed the history of the tenant')
    .action(session.action(verifyChain));
}

/** Verifies the history part by part, up to its end or to the first broken entry. */
async function verifyChain(context: CommandContext): Promise<number> {
  const { output, request } = context;
  const mesh = await context.mesh();
  let proof: HistoryProof | undefined;
  const progress = output.progress(() => `verified up to entry ${proof?.verified_to ?? 0}`);
  let first: number | undefined;
  try {
    for (;;) {
      const query = proof === undefined ? {} : { after: proof.verified_to };
      const next: HistoryProof = await mesh.request('verifyHistory', { ...request, query });
      first ??= next.verified_from;
      const isStuck = next.verified_to <= (proof?.verified_to ?? -1);
      proof = next;
      if (!next.intact || next.complete || isStuck) break;
    }
  } finally {
    progress.done();
  }
  const whole = { ...proof, verified_from: first };
  await output.show(whole, () => proofText(whole, context));
  return proof.intact && proof.complete ? exitCodes.done : exitCodes.failed;
}

function proofText(
  { intact, complete, verified_from: from, verified_to: to, pruned_to: pruned, problem }: HistoryProof,
  { output: { paint } }: CommandContext,
): string {
  const range = `entries ${from} to ${to}${pruned === undefined ? '' : ` (pruned up to ${pruned})`}`;
  if (intact && complete) return `${paint('good', 'intact')} ${range}`;
  if (intact) return `${paint('open', 'incomplete')} ${range}: the verification stopped before the end`;
  return printable(
    `BROKEN at entry ${problem?.seq ?? to}: ${problem?.message ?? 'no reason'} (${problem?.code ?? 'unknown'}). Keep a copy of the database, and compare it with an exported history.`,
  );
}
