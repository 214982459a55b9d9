/**
 * The kinds of projects that each kind may import, by the tags in each package.json. These are positive lists: a kind
 * that is missing here can import nothing.
 */
const mayImport = {
  'type:kernel': [],
  'type:contract': ['type:kernel'],
  'type:runtime': ['type:kernel', 'type:contract', 'type:runtime'],
  'type:testing': ['type:kernel', 'type:contract', 'type:runtime', 'type:testing'],
  'type:service': ['type:kernel', 'type:contract', 'type:runtime'],
  'type:workspace': ['type:kernel', 'type:contract'],
  'type:client': ['type:kernel', 'type:contract', 'type:runtime', 'type:client'],
  // Tools that measure and break the mesh start whole services.
  'type:tool': [
    'type:kernel',
    'type:contract',
    'type:runtime',
    'type:testing',
    'type:service',
    'type:client',
    'type:tool',
  ],
  'type:example': [
    'type:kernel',
    'type:contract',
    'type:runtime',
    'type:testing',
    'type:client',
    'type:tool',
  ],
  'type:standalone': [
    'type:kernel',
    'type:contract',
    'type:runtime',
    'type:testing',
    'type:service',
    'type:example',
  ],
};

/**
 * The packages that the foundation may install from npm. Every other project depends on these two kinds, so they
 * contain no framework, no client and no background work.
 */
const mayInstall = {
  'type:kernel': ['zod', 'uuid', 'canonicalize'],
  'type:contract': ['zod'],
};

/** The constraints for shipped code. */
export const projectConstraints = Object.entries(mayImport).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
  sourceTag,
  onlyDependOnLibsWithTags,
  ...(sourceTag in mayInstall ? { allowedExternalImports: mayInstall[sourceTag] } : {}),
}));

/** The constraints for tests: those of shipped code, and testing libraries. */
export const testConstraints = Object.entries(mayImport).map(([sourceTag, tags]) => ({
  sourceTag,
  onlyDependOnLibsWithTags: [...new Set([...tags, 'type:testing'])],
}));
