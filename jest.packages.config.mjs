import tests from './jest.config.mjs';

/**
 * `npm run test:packages`: packs what is published, installs it in an empty folder and uses it there. It takes minutes, so
 * `npm test` leaves it out; run it before a release and after changes of a package.
 */
const [, integration] = tests.projects;

export default {
  ...tests,
  projects: [{ ...integration, displayName: 'packages', testMatch: ['**/*.packages.test.ts'] }],
};
