import type { Toolkit } from '@action-mesh/contracts/catalog';

import { CallRefusedError } from './admission.errors.js';

/** The most versions in a refusal, the newest first. */
const mostListed = 10;

/** The versions of a tool that a refused caller can pin instead. */
export interface PinnableVersions {
  /** Versions of the tool, newest first. */
  readonly versions: readonly string[];
  /** The dates of its toolkit that hold it, newest first. */
  readonly dates: readonly string[];
  /** Where the channel `stable` of its toolkit stands. */
  readonly stable: Toolkit | undefined;
  /** True: a call without a pinned version gets one. */
  readonly isInStable: boolean;
}

/**
 * Refuses an unknown version, or a channel without the tool. The refusal names the versions that can be pinned instead.
 */
export function versionRefusal(selector: string | undefined, pinnable: PinnableVersions): CallRefusedError {
  const listed = [...pinnable.dates, ...pinnable.versions].slice(0, mostListed).join(', ');
  return new CallRefusedError('tool_version_not_found', reason(selector, pinnable), fix(pinnable), [
    { pointer: '/tool/version', message: 'names no published version', expected: `one of ${listed}` },
  ]);
}

function reason(selector: string | undefined, { stable }: PinnableVersions): string {
  if (selector === 'latest') return 'The channel "latest" cannot be followed here: it is for development.';
  if (selector !== undefined && selector !== 'stable') {
    return 'The tool has no such version, and no toolkit of such a date holds it.';
  }
  return stable === undefined
    ? 'The tool has only pre-releases, and a pre-release must be pinned.'
    : 'The channel "stable" of its toolkit does not hold the tool.';
}

function fix({ versions, dates, stable, isInStable }: PinnableVersions): string {
  if (isInStable) {
    return 'Pin one of the "versions" or "toolkit_versions" in GET /v1/tools/{slug}, or leave the version out.';
  }
  const [date] = dates;
  const [version = ''] = versions;
  if (stable === undefined) return `Pin ${date ?? version}.`;
  return date === undefined
    ? `No date of its toolkit holds it, and stable stands at ${stable.version}: pin the version ${version}.`
    : `It is in ${date}, and stable stands at ${stable.version}: pin that date, or move stable.`;
}
