import type { Toolkit } from '@action-mesh/contracts/catalog';

import { CallRefusedError } from './admission.errors.js';

/** More than anybody reads; the newest are told. */
const MOST_LISTED = 10;

/** What there is of a tool where a selector means none of it. */
export interface PinnableVersions {
  /** Of the tool, newest first. */
  readonly versions: readonly string[];
  /** The dates of its toolkit that hold it, newest first. */
  readonly dates: readonly string[];
  /** Where the channel `stable` of its toolkit stands. */
  readonly stable: Toolkit | undefined;
  /** Whether who pins nothing gets one. */
  readonly isInStable: boolean;
}

/** For a version that there is not, or a channel that does not hold the tool. It says what can be pinned instead. */
export function versionRefusal(selector: string | undefined, pinnable: PinnableVersions): CallRefusedError {
  const listed = [...pinnable.dates, ...pinnable.versions].slice(0, MOST_LISTED).join(', ');
  return new CallRefusedError('tool_version_not_found', reason(selector, pinnable), fix(pinnable), [
    { pointer: '/tool/version', message: 'names no published version', expected: `one of ${listed}` },
  ]);
}

function reason(selector: string | undefined, { stable }: PinnableVersions): string {
  if (selector === 'latest') return 'The channel "latest" cannot be followed here: it is for development.';
  if (selector !== undefined && selector !== 'stable') {
    return 'The tool has no such version, and is in no toolkit of such a date.';
  }
  return stable === undefined
    ? 'The tool has only pre-releases, which nobody gets who does not pin one.'
    : 'The tool is not in its toolkit where the channel "stable" stands.';
}

function fix({ versions, dates, stable, isInStable }: PinnableVersions): string {
  if (isInStable) {
    return 'Pin one of the "versions" or "toolkit_versions" in GET /v1/tools/{slug}, or leave the version out.';
  }
  const [date] = dates;
  const [version = ''] = versions;
  if (stable === undefined) return `Pin ${date ?? version}.`;
  return date === undefined
    ? `It is in no date of its toolkit, and stable stands at ${stable.version}: pin the version ${version}.`
    : `It is in ${date}, and stable stands at ${stable.version}: pin that date, or move stable.`;
}
