import type { CliWorld } from '../world.js';

/** A colour with a meaning. */
export type TextTone = 'good' | 'bad' | 'open' | 'quiet' | 'strong';

const codes: Readonly<Record<TextTone, readonly [start: number, end: number]>> = {
  good: [32, 39],
  bad: [31, 39],
  open: [33, 39],
  quiet: [2, 22],
  strong: [1, 22],
};

/** Colours a text. */
export type Painter = (tone: TextTone, text: string) => string;

/** Colours for a terminal. Without a terminal, and with `NO_COLOR`, a text stays as it is. */
export function painterFor({ stdout, environment }: Pick<CliWorld, 'stdout' | 'environment'>): Painter {
  const hasColors = stdout.isTTY === true && (environment['NO_COLOR'] ?? '') === '';
  if (!hasColors || environment['TERM'] === 'dumb') return (_, text) => text;
  return (tone, text) => {
    const [start, end] = codes[tone];
    return `\u001b[${start}m${text}\u001b[${end}m`;
  };
}

const tones: Readonly<Record<string, TextTone>> = {
  succeeded: 'good',
  approved: 'good',
  active: 'good',
  failed: 'bad',
  dead: 'bad',
  rejected: 'bad',
  revoked: 'bad',
  cancelled: 'quiet',
  accepted: 'quiet',
};

/** Colours the status of a call, an approval or a connection. */
export function paintedStatus(paint: Painter, status: string): string {
  return paint(tones[status] ?? 'open', status);
}
