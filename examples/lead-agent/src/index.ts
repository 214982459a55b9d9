import { fileURLToPath } from 'node:url';

/** The folder with the tools of this example, in the form that `CATALOG_TOOLS` takes. */
export const leadTools = fileURLToPath(new URL('./tools', import.meta.url));
