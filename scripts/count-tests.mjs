/**
 * `node scripts/count-tests.mjs <file>`: prints `N passed, N failed` from the file that Jest wrote with `--json
 * --outputFile`. A test file that could not run counts as one failure. So does a Jest run without a result.
 */
import { readFileSync } from 'node:fs';

function count(file) {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    const unfinished = result.success || result.numFailedTests + result.numRuntimeErrorTestSuites > 0 ? 0 : 1;
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites + unfinished,
    };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const { passed, failed } = count(process.argv[2]);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
if (failed > 0 || passed === 0) process.exitCode = 1;
