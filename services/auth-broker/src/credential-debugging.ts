import { ConfigError, type Environment } from '@action-mesh/platform';

/** The debug channels of `simple-oauth2`. Two of them print client secrets, authorization codes and refresh tokens. */
const channels = ['simple-oauth2:client', 'simple-oauth2:request-options', 'simple-oauth2:access-token'];

/**
 * Refuses an environment in which `simple-oauth2` would print credentials. Throws `ConfigError` for a `DEBUG` that
 * matches one of its channels, as `*` and `simple-oauth2*` do.
 */
export function assertNoCredentialDebugging(environment: Environment): void {
  const patterns = (environment['DEBUG'] ?? '').split(/[\s,]+/).filter((pattern) => pattern !== '');
  const [skipped, named] = [true, false].map((isSkip) =>
    patterns
      .filter((pattern) => pattern.startsWith('-') === isSkip)
      .map((pattern) => (isSkip ? pattern.slice(1) : pattern)),
  );
  const isOn = channels.some(
    (channel) =>
      (named ?? []).some((pattern) => isMatch(pattern, channel)) &&
      !(skipped ?? []).some((pattern) => isMatch(pattern, channel)),
  );
  if (isOn)
    throw new ConfigError([
      {
        variable: 'DEBUG',
        problem:
          'turns on simple-oauth2*, which prints client secrets and tokens; leave it out, or add ,-simple-oauth2*',
      },
    ]);
}

/** Whether a pattern with asterisks covers a channel. */
function isMatch(pattern: string, channel: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === channel;
  if (!channel.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = channel.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return channel.length - last.length >= at && channel.endsWith(last);
}
