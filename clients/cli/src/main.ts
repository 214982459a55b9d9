import { importTools } from './tools-import/tools-import.js';

const help = `mesh <command>

  mesh tools import <file or URL>   makes tools out of an OpenAPI document (--help explains the options)

In a checkout: npm run mesh -- <command>. npm run import is short for npm run mesh -- tools import.`;

async function main(words: readonly string[]): Promise<number> {
  const [group, command, ...rest] = words;
  if (group === 'tools' && command === 'import') return importTools(rest, process.env);
  if (words.length > 0 && !words.every((word) => word === '--help')) {
    console.error(`mesh: unknown command\n\n${help}`);
    return 2;
  }
  console.log(help);
  return 0;
}

// The process that reads stderr may end early (`2>&1 | head -1`). The command continues without it.
process.stderr.on('error', () => undefined);
// An interrupt ends the process in the default way: no command has anything to undo.
process.exitCode = await main(process.argv.slice(2));
