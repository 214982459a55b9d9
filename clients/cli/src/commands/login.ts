import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import { ActionMesh } from '@action-mesh/sdk';
import type { Command } from 'commander';

import { checkedKey, checkedUrl, chosenMesh, localUrl } from '../access/find-access.js';
import { profilePath, readProfiles, writeProfiles } from '../access/profile-file.js';
import { CliUsageError } from '../cli.errors.js';
import type { CommandContext, CommandSession, SharedOptions } from '../program/command-session.js';
import { readInput } from '../program/json-argument.js';
import { printable } from '../tools-import/shown-text.js';

/** Adds `mesh login` and `mesh logout`. */
export function addLogin(program: Command, session: CommandSession): void {
  program
    .command('login')
    .description('store the address and the key of a mesh in a profile, for you alone to read')
    .option('--key-stdin', 'read the key from standard input')
    .action(session.action<{ readonly keyStdin?: boolean }>(logIn));
  program.command('logout').description('remove a profile with its key').action(session.action(logOut));
}

async function logIn(
  context: CommandContext,
  { keyStdin, ...options }: { readonly keyStdin?: boolean } & SharedOptions,
): Promise<void> {
  const { output, world } = context;
  const { profile: name = 'default', url = localUrl } = chosenMesh(options, world.environment);
  if (!/^[\w.-]{1,64}$/.test(name) || name === '__proto__') {
    throw new CliUsageError(
      'The profile (--profile or MESH_PROFILE) must have 1 to 64 letters, digits, dots, dashes or underscores.',
    );
  }
  const path = profilePath(world.environment);
  const file = await readProfiles(path);
  const address = checkedUrl(url, 'The address of the mesh (--url or MESH_URL)');
  const text = keyStdin === true ? await readInput(world.stdin, 65_536) : await askedKey(context);
  const key = checkedKey(text, 'The key');
  const me = await new ActionMesh({ baseUrl: address, apiKey: key }).me(context.request);
  const profiles = { ...file.profiles, [name]: { url: address, key } };
  await writeProfiles(path, { current: name, profiles });
  const stored = { profile: name, url: address, file: path, tenant: me.tenant, holder: me.holder };
  await output.show(stored, () =>
    printable(
      `Stored the profile ${name} for ${address} in ${path}: ${me.holder} of the tenant ${me.tenant}.`,
    ),
  );
}

async function logOut({ output, world }: CommandContext, options: SharedOptions): Promise<void> {
  const path = profilePath(world.environment);
  const { current, profiles } = await readProfiles(path);
  const name = chosenMesh(options, world.environment).profile ?? current;
  if (name === undefined || !Object.hasOwn(profiles, name)) {
    throw new CliUsageError(
      `There is no such profile. There are: ${Object.keys(profiles).join(', ') || 'none'}.`,
    );
  }
  const { [name]: _removed, ...others } = profiles;
  const next = current === name ? undefined : current;
  await writeProfiles(path, { ...(next === undefined ? {} : { current: next }), profiles: others });
  await output.show(
    { profile: name, removed: true },
    () => `Removed the profile ${name}. Its key still works: revoke it by \`mesh keys revoke\`.`,
  );
}

/** Asks for the key in a terminal, and does not show it. */
async function askedKey({ world }: CommandContext): Promise<string> {
  if (world.stdin.isTTY !== true) {
    throw new CliUsageError('There is no terminal to ask for the key. Pass it by --key-stdin.');
  }
  world.stderr.write('API key (it is not shown): ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: world.stdin, output: silent, terminal: true });
  try {
    return await lines.question('', { signal: world.signal });
  } finally {
    lines.close();
    world.stderr.write('\n');
  }
}
