import { parseArgs } from 'node:util';

export const verifyHelp = `npm run audit:verify -- [options]

Verifies the history of the mesh: that nobody changed, deleted, inserted, swapped or cut off an entry.

  --file FILE         an export of GET /v1/audit/export, in place of the database of DATABASE_URL
  --tenant TENANT     one tenant of the database (default: all of them)
  --public-key KEY    the public key of audit, as GET /v1/audit/checkpoint shows it; several: separated by commas
                      (default: AUDIT_PUBLIC_KEY, else the key of AUDIT_SIGNING_KEY, else that of npm start)
  --checkpoints FILE  checkpoints that were kept elsewhere: they show an end that was cut off and a deleted chain
  --json              the verdict as JSON
  --help              show this

Exit codes: 0 intact, 1 changed, 2 wrong usage, 3 the history cannot be read.`;

export interface VerifySettings {
  readonly file: string | undefined;
  readonly tenant: string | undefined;
  readonly publicKeys: readonly string[];
  readonly checkpoints: string | undefined;
  readonly json: boolean;
}

/** Reads the words after the command's name. Throws with the reason when one of them is unknown. */
export function verifyOptions(words: readonly string[]): VerifySettings | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      file: { type: 'string' },
      tenant: { type: 'string' },
      'public-key': { type: 'string' },
      checkpoints: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.file !== undefined && values.tenant !== undefined)
    throw new Error('--tenant has no meaning with --file: an export has one tenant');
  return {
    file: values.file,
    tenant: values.tenant,
    publicKeys: (values['public-key'] ?? '').split(',').filter((key) => key !== ''),
    checkpoints: values.checkpoints,
    json: values.json,
  };
}
