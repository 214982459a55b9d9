import { callStateSchema } from '@action-mesh/contracts/executor';

import { transition, type Call, type Command } from './call.js';

const commands: readonly Command[] = [
  { type: 'claim' },
  { type: 'dispatch' },
  { type: 'withdraw' },
  { type: 'succeed', attempt: 1 },
  { type: 'fail', attempt: 1 },
  { type: 'loseTrack' },
  { type: 'retry' },
  { type: 'throttle' },
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

/** The whole state machine as a Markdown table, asked of the transition function itself. */
export function callStateTable(): string {
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
