import type { StepLine } from '@action-mesh/contracts/audit';
import { JsonText } from '@action-mesh/kernel';
import { createLogger, type LogLevel, type Logger } from '@action-mesh/platform';

/** Where the lines of a terminal go. */
export interface StepTerminal {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Writes lines of the step log: JSON, or a short sentence in a terminal. */
export class StepLog {
  readonly #logger: Logger;

  constructor(level: LogLevel, terminal: StepTerminal) {
    this.#logger = createLogger({
      service: 'audit',
      level,
      ...(terminal.isTTY === true
        ? { destination: { write: (line) => terminal.write(sentence(line)) } }
        : {}),
    });
  }

  get isOn(): boolean {
    return this.#logger.isLevelEnabled('info');
  }

  write(line: StepLine): void {
    this.#logger.info(plain(line), 'step');
  }
}

/** Exact texts as the values that they hold. A log needs no digit beyond those of a double. */
function plain(value: unknown): Record<string, unknown> {
  return valueOf(value) as Record<string, unknown>;
}

function valueOf(value: unknown): unknown {
  if (value instanceof JsonText) return parsed(value.text);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(valueOf);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, valueOf(member)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** One line for people: time, status, tool, user, cost. */
function sentence(line: string): string {
  const step = JSON.parse(line) as Partial<Record<keyof StepLine, unknown>>;
  const text = (name: keyof StepLine): string => {
    const value = step[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const cost = step.duration_ms === undefined ? '' : `${text('duration_ms')} ms`;
  const parts = [
    text('timestamp').slice(11, 23),
    text('kind').padEnd(20),
    text('tool_name'),
    text('user_id') === '' ? '' : `for ${text('user_id')}`,
    text('error_code'),
    cost,
    text('tool_call_id'),
  ];
  return `${parts.filter((part) => part !== '').join(' ')}\n`;
}
