import { defined } from '@action-mesh/kernel';
import type { ApiQueries, ApiSchemas } from '@action-mesh/sdk';
import { Option, type Command } from 'commander';

import { CliUsageError } from '../cli.errors.js';
import type { CommandContext, CommandSession } from '../program/command-session.js';
import { prettyJson } from '../texts/outcome-text.js';
import { paintedStatus } from '../terminal/text-color.js';
import { factLines, alignedTable } from '../terminal/aligned-table.js';

interface ListWords {
  readonly status?: ApiQueries['listApprovals']['status'];
  readonly user?: string;
  readonly tool?: string;
}

interface DecideWords {
  readonly digest?: string;
  readonly note?: string;
}

/** Adds `mesh approvals`. */
export function addApprovals(program: Command, session: CommandSession): void {
  const approvals = program.command('approvals').description('calls that wait for the yes of a person');
  approvals
    .command('list')
    .description('list approvals')
    .addOption(
      new Option('--status <status>', 'with this status (default: pending)').choices([
        'pending',
        'approved',
        'rejected',
        'expired',
        'closed',
        'any',
      ]),
    )
    .option('-u, --user <id>', 'of this user')
    .option('--tool <slug>', 'of this tool')
    .action(session.action<ListWords>(listApprovals));
  approvals
    .command('show <approval>')
    .description('show the exact call that waits')
    .action(session.action<object, [string]>(showApproval));
  for (const verb of ['approve', 'reject'] as const) {
    approvals
      .command(`${verb} <approval>`)
      .description(`${verb} the call, with the arguments that \`show\` printed`)
      .option('--digest <digest>', 'the digest that `show` printed: other arguments are refused')
      .option('--note <text>', 'the reason, for the history')
      .action(
        session.action<DecideWords, [string]>((context, options, id) => decide(context, options, id, verb)),
      );
  }
}

async function listApprovals(context: CommandContext, options: ListWords): Promise<void> {
  const { output, request } = context;
  const { status, user: userId, tool } = options;
  const mesh = await context.mesh();
  const page = await mesh.approvals.list(defined({ status, userId, tool }), request);
  await output.show(page, () =>
    alignedTable(
      page.approvals,
      [
        { heading: 'APPROVAL', cell: ({ id }) => id },
        { heading: 'STATUS', cell: (row) => row.status, paint: (text) => paintedStatus(output.paint, text) },
        { heading: 'TOOL', cell: (row) => row.tool },
        { heading: 'USER', cell: ({ user_id: user }) => user, width: 24 },
        { heading: 'REASON', cell: ({ reason }) => reason, width: 50 },
        { heading: 'EXPIRES', cell: ({ expires_at: at }) => at },
      ],
      { paint: output.paint, none: 'No call waits for an approval.' },
    ),
  );
}

async function showApproval(context: CommandContext, _: object, id: string): Promise<void> {
  const { output, request } = context;
  const mesh = await context.mesh();
  const approval = await mesh.approvals.get(id, request);
  await output.show(approval, () => approvalText(approval, context));
}

function approvalText(approval: ApiSchemas['Approval'], { output: { paint } }: CommandContext): string {
  const { request } = approval;
  return [
    `${paintedStatus(paint, approval.status)} ${approval.id}`,
    ...factLines(
      [
        ['tool', `${approval.tool} ${approval.version}`],
        ['user', approval.user_id],
        ['asked by', approval.requested_by.agent?.id ?? approval.requested_by.key_id],
        ['thought', approval.requested_by.agent?.thought],
        ['reason', approval.reason],
        [
          'request',
          request.method === undefined ? request.not_shown : `${request.method} ${request.url ?? ''}`,
        ],
        ['call', approval.call_id],
        ['expires', approval.expires_at],
        ['digest', approval.arguments_digest],
        ['decided by', approval.decision?.by],
      ],
      paint,
    ),
    '',
    prettyJson(approval.arguments),
  ].join('\n');
}

/** Decides about the arguments that the person saw. An approval names them by their digest; a rejection takes any. */
async function decide(
  context: CommandContext,
  { digest, note }: DecideWords,
  id: string,
  verb: 'approve' | 'reject',
): Promise<void> {
  const { output, request } = context;
  if (digest === undefined && verb === 'approve') {
    throw new CliUsageError(
      `--digest is missing: it names the arguments that you saw. \`mesh approvals show ${id}\` prints it.`,
    );
  }
  const mesh = await context.mesh();
  const seen = await mesh.approvals.get(id, request);
  const decided = await mesh.approvals[verb](
    { id: seen.id, arguments_digest: digest ?? seen.arguments_digest },
    { ...request, ...defined({ note }) },
  );
  await output.show(decided, () => `${paintedStatus(output.paint, decided.status)} ${decided.id}`);
}
