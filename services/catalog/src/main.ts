import { runMain } from '@action-mesh/platform';

import { startCatalog } from './catalog.js';
import { catalogConfig } from './config.js';

await runMain(() => startCatalog(catalogConfig(process.env)));
