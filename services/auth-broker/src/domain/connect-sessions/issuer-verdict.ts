/** The issuer that an integration's authorization server must name. Undefined: its data names none. */
export interface ExpectedIssuer {
  readonly issuer: string;
  /** The server has said that it always names itself. */
  readonly isRequired: boolean;
}

/**
 * Decides on the parameter `iss` of a callback (RFC 9207, section 2.4), before its code goes anywhere:
 *
 * | expected | named              | verdict                          |
 * | -------- | ------------------ | -------------------------------- |
 * | required | yes                | equal, character by character    |
 * | required | no                 | refused                          |
 * | known    | yes                | equal, character by character    |
 * | known    | no                 | accepted                         |
 *
 * Without an expected issuer the redirect address, which each integration has for itself, shows a mix-up (RFC 9700).
 */
export function isRightIssuer(expected: ExpectedIssuer | undefined, named: string | undefined): boolean {
  if (expected === undefined) return true;
  return named === undefined ? !expected.isRequired : named === expected.issuer;
}
