import { runMain } from '@action-mesh/platform';

import { loadCatalogConfig } from './config.js';
import { startCatalog } from './start-catalog.js';

await runMain(() => startCatalog(loadCatalogConfig(process.env)));
