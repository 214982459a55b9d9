import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FixtureEvent {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Readonly<Record<string, unknown>>;
}

const folder = join(import.meta.dirname, '../../../libs/contracts/fixtures');

/** The recorded record of an event type: `mesh.call.accepted.v1`. */
export function fixtureOf(type: string): FixtureEvent {
  return JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8')) as FixtureEvent;
}
