import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const packages = ['chromium', 'fonts-dejavu-core'];
const patienceMs = 15 * 60_000;

/**
 * The path of a Chromium for browser tests: `CHROMIUM_PATH`, an installed one, or one that this installs with apt. A second
 * call installs nothing. Throws with the next step where no Chromium can be had.
 */
export function chromiumPath(environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment['CHROMIUM_PATH'];
  if (given !== undefined && given !== '') {
    if (existsSync(given)) return given;
    throw new Error('CHROMIUM_PATH names no file; set it to the executable of a Chromium or Chrome');
  }
  const found = installed();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Error(
      'no Chromium was found, and only root on Debian or Ubuntu can have it installed; install one and set CHROMIUM_PATH to its executable',
    );
  // The lists of a fresh machine may be empty, and an update of current lists costs a second.
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...packages);
  const fresh = installed();
  if (fresh !== undefined) return fresh;
  throw new Error('apt-get installed no Chromium; install one and set CHROMIUM_PATH to its executable');
}

function installed(): string | undefined {
  return known.find((path) => existsSync(path));
}

/** Waits for another apt-get, because two test runs may begin on one fresh machine. */
function apt(...words: readonly string[]): void {
  const { status, stderr } = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=600', ...words], {
    encoding: 'utf8',
    timeout: patienceMs,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0)
    throw new Error(`apt-get ${words[0] ?? ''} failed, so there is no Chromium: ${stderr.slice(-500)}`);
}
