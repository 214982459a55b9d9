import { callStateSchema } from '@action-mesh/contracts/executor';
import { transition, type Call, type Command } from '@action-mesh/executor/call';

const commands: readonly Command[] = [
  { type: 'claim' },
  { type: 'dispatch' },
  { type: 'withdraw' },
  { type: 'succeed', attempt: 1 },
  { type: 'fail', attempt: 1 },
  { type: 'loseTrack' },
  { type: 'retry' },
  { type: 'throttle' },
  { type: 'awaitAuth' },
  { type: 'probe' },
  { type: 'askPerson' },
  { type: 'die' },
  { type: 'redrive' },
  { type: 'attest' },
  { type: 'giveUp' },
  { type: 'cancel' },
  { type: 'wake' },
  { type: 'reschedule' },
  { type: 'takeOver' },
];

/** The page of the states of a call: the transition function's answer for each state and command. */
export function callStates(): string {
  return `# The states of a call

Generated from the transition function (\`services/executor/src/domain/call.ts\`); do not edit. A row is the state of a call,
a column is a command, and a cell is the next state. An empty cell means that the command is refused.

A call begins with \`receive\`, which makes it RECEIVED. From INDETERMINATE and NEEDS_REVIEW, \`succeed\` and \`fail\` count only as
evidence about the newest attempt. \`takeOver\` keeps the state and raises the fence, so the ledger refuses every later write
of the former owner.

${table()}`;
}

function table(): string {
  const header = ['state', ...commands.map(({ type }) => `\`${type}\``)];
  const rows = callStateSchema.options.map((state) => {
    const call: Call = { state, fence: 1, attempt: 1, recovered: false, redrives: 0, attemptsBefore: 0 };
    const cells = commands.map((command) => {
      const next = transition(call, command);
      if (!next.ok) return '';
      return next.call.state === state ? '(same)' : next.call.state;
    });
    return [`**${state}**`, ...cells];
  });
  const lines = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}
