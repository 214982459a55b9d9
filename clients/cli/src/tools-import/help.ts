/** Where a catalog answers that was given no port. */
export const defaultCatalogUrl = 'http://127.0.0.1:8081';

export const importHelp = `npm run import -- <file or URL> [--select GLOB]… [--toolkit SLUG] [--base-url URL] [--dry-run] [--json]

Makes tools out of an OpenAPI 3.0 or 3.1 or a Swagger 2.0 document, JSON or YAML, and says of each operation what became of it.
To try it, in the folder of this repository:

  npm run import -- node_modules/@octokit/openapi/generated/api.github.com.json --select 'tag:issues' --dry-run

  --select GLOB    only operations that match: 'tag:issues', 'path:/repos/**', 'op:issues/*', or a glob of operation ids;
                   may be given several times, and one match is enough. An import replaces what its toolkit held: repeat
                   the former --select with a further one, or give the further tools another --toolkit
  --toolkit SLUG   what the tools are named and dated under (default: a name out of vendor and title)
  --base-url URL   where the API is (default: the first absolute server of the document)
  --dry-run        only say what would come of it; needs no other service and writes nothing
  --json           print one JSON object: in a dry run the report and the tools, else the report and what the catalog made
                   of the tools; progress goes to standard error. To pipe it: npm run -s import -- …, since npm without -s
                   prints lines of its own to standard output
  --help           show this

Without --dry-run the tools go to the catalog at CATALOG_URL (default ${defaultCatalogUrl}), which gives what changed a new
version and the toolkit a date. npm start has its catalog there, or at PORT + 1.

A URL is fetched under the same guard as all requests of the mesh: public addresses, https, what EGRESS_ALLOW names, and this
machine when the URL itself names it. What the document refers to is never fetched. User info, query and fragment of a URL are neither shown nor recorded.

Exit codes: 0 done, whatever was quarantined; 1 it failed (the document cannot be read, no operation became a tool, the
catalog did not take them, or the report cannot be written); 2 wrong usage; 130 interrupted.`;
