/** The address of a gateway on this machine with the default port. */
export const defaultGatewayUrl = 'http://127.0.0.1:8080';

export const importHelp = `npm run import -- <file or URL> [--select GLOB]… [--toolkit SLUG] [--base-url URL] [--dry-run] [--json]

Makes tools out of an OpenAPI 3.0 or 3.1 or a Swagger 2.0 document, JSON or YAML, and reports the result for each operation.
To try it, in the folder of this repository:

  npm run import -- node_modules/@octokit/openapi/generated/api.github.com.json --select 'tag:issues' --dry-run

  --select GLOB    only operations that match: 'tag:issues', 'path:/repos/**', 'op:issues/*', or a glob of operation ids;
                   may be given several times, and one match is enough. An import replaces its toolkit: repeat the former
                   --select with a further one, or give the further tools another --toolkit
  --toolkit SLUG   the name and toolkit of the tools (default: a name out of vendor and title)
  --base-url URL   the address of the API (default: the first absolute server of the document)
  --dry-run        only print the report; needs no other service and writes nothing
  --json           print one JSON object: the report, and the tools in a dry run, else the catalog's result. An error is one
                   JSON object on standard error, and there is no progress. To pipe it: npm run -s import -- …, because npm
                   without -s prints its own lines to standard output
  --profile NAME   the profile of \`mesh login\` with the address and the key
  --url URL        the address of the gateway; the key is that of the profile for it, or MESH_KEY
  --help           show this

Without --dry-run the tools go through a gateway to the catalog, with a key that has the scope tools:admin. --profile and --url
choose it, else GATEWAY_URL (default ${defaultGatewayUrl}) and GATEWAY_API_KEY, which npm start prints, else the same as for
every command. The catalog gives each changed tool a new version and the toolkit a date.

The guard of all requests of the mesh also checks the URL. It allows public addresses with https, the entries of EGRESS_ALLOW,
and this machine when the URL names it. References from the document to other files are never fetched. The user info, query and
fragment of a URL are neither shown nor recorded.

Exit codes: 0 done, even with quarantined operations; 1 failed (the document cannot be read, no operation became a tool, the
catalog did not take them, or the report cannot be written); 2 wrong usage; 130 interrupted.`;
