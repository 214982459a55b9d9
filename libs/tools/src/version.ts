/** A semantic version (semver.org 2.0.0) without build metadata, which does not affect precedence. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The identifiers after the hyphen; empty for a stable version. */
  readonly prerelease: readonly string[];
}

// Fifteen digits stay below 2^53, so two versions never round to the same numbers.
const number = '(0|[1-9]\\d{0,14})';
const identifier = '(?:0|[1-9]\\d{0,14}|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const syntax = new RegExp(`^${number}\\.${number}\\.${number}(?:-(${identifier}(?:\\.${identifier})*))?$`);
const wholeNumber = /^\d+$/;

/** The parts of a version, or `undefined` if the text is none. Leading zeros and build metadata are refused. */
export function parseVersion(text: string): Version | undefined {
  const match = syntax.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch, prerelease] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    prerelease: prerelease === undefined ? [] : prerelease.split('.'),
  };
}

/** The major number of a version. The call hash covers it. Throws `RangeError` for any other text. */
export function majorVersion(text: string): number {
  const version = parseVersion(text);
  if (version === undefined) throw new RangeError('not a semantic version');
  return version.major;
}

/** Semver precedence: negative if `left` is older, zero if they are equal. */
export function compareVersions(left: Version, right: Version): number {
  return (
    left.major - right.major ||
    left.minor - right.minor ||
    left.patch - right.patch ||
    comparePrereleases(left.prerelease, right.prerelease)
  );
}

/**
 * The newest stable version among `versions`, for callers that pin none. Pre-releases are only for callers that name
 * them, so a list of only pre-releases gives `undefined`. Texts that are no versions are skipped.
 */
export function latestVersion(versions: Iterable<string>): string | undefined {
  let newest: { readonly text: string; readonly version: Version } | undefined;
  for (const text of versions) {
    const version = parseVersion(text);
    if (version === undefined || version.prerelease.length > 0) continue;
    if (newest === undefined || compareVersions(version, newest.version) > 0) newest = { text, version };
  }
  return newest?.text;
}

/**
 * For the dates of toolkits, `2026-11-25` or `2026-11-25.2`: negative if `left` is older, by day and then by number.
 */
export function compareToolkitVersions(left: string, right: string): number {
  const [leftDay = '', leftNumber = '1'] = left.split('.');
  const [rightDay = '', rightNumber = '1'] = right.split('.');
  if (leftDay !== rightDay) return leftDay < rightDay ? -1 : 1;
  return Number(leftNumber) - Number(rightNumber);
}

function comparePrereleases(left: readonly string[], right: readonly string[]): number {
  // A version without a pre-release is newer than any of its pre-releases.
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  for (const [index, mine] of left.entries()) {
    const theirs = right[index];
    if (theirs === undefined) return 1;
    const order = compareIdentifiers(mine, theirs);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareIdentifiers(left: string, right: string): number {
  const leftIsNumber = wholeNumber.test(left);
  const rightIsNumber = wholeNumber.test(right);
  if (leftIsNumber && rightIsNumber) return Number(left) - Number(right);
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
  return left < right ? -1 : Number(left > right);
}
