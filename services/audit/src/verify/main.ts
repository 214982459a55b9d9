/** `npm run audit:verify`: verifies the history in the database or in an export. */
import { runVerification, type ChainVerdict } from './run-verification.js';
import { verifyHelp, verifyOptions, type VerifySettings } from './options.js';
import { VerifyUsageError } from './verify.errors.js';

function optionsOf(words: readonly string[]): VerifySettings | 'help' {
  try {
    return verifyOptions(words);
  } catch (error) {
    throw new VerifyUsageError(error instanceof Error ? error.message : 'wrong usage');
  }
}

function lineOf({ tenant_id: tenant, verified_to: to, problem }: ChainVerdict): string {
  if (problem === undefined) return `${tenant}: intact, ${to} entries`;
  const where = problem.line === undefined ? '' : `, line ${problem.line}`;
  return `${tenant}: CHANGED at entry ${problem.seq}${where}: ${problem.message} (${problem.code})`;
}

async function main(words: readonly string[]): Promise<number> {
  try {
    const options = optionsOf(words);
    if (options === 'help') {
      console.log(verifyHelp);
      return 0;
    }
    const verdicts = await runVerification(options, process.env);
    const isIntact = verdicts.every(({ intact }) => intact);
    if (options.json) console.log(JSON.stringify({ intact: isIntact, chains: verdicts }));
    else if (verdicts.length === 0) console.log('There is no history yet.');
    else for (const verdict of verdicts) console.log(lineOf(verdict));
    return isIntact ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'the history cannot be read');
    return error instanceof VerifyUsageError ? 2 : 3;
  }
}

process.exitCode = await main(process.argv.slice(2));
