/** A setting of the command is missing or wrong. */
export class VerifyUsageError extends Error {}
