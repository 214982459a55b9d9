/**
 * Which kinds of project may import which, by the tags in each package.json. Positive lists only: what is not named here
 * is forbidden, so a new kind of project can import nothing until somebody decides what.
 */
const mayImport = {
  'type:kernel': [],
  'type:contract': ['type:kernel'],
  'type:runtime': ['type:kernel', 'type:contract', 'type:runtime'],
  'type:testing': ['type:kernel', 'type:contract', 'type:runtime', 'type:testing'],
  'type:service': ['type:kernel', 'type:contract', 'type:runtime'],
  'type:workspace': ['type:kernel', 'type:contract'],
  'type:client': ['type:kernel', 'type:contract', 'type:runtime'],
  // What measures and breaks the mesh starts whole services.
  'type:tool': ['type:kernel', 'type:contract', 'type:runtime', 'type:testing', 'type:service', 'type:tool'],
  'type:example': ['type:kernel', 'type:contract', 'type:runtime', 'type:testing', 'type:tool'],
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
 * What the foundation may take from npm. Everything above stands on these two, so no framework, no client and nothing
 * with a life of its own belongs in them.
 */
const mayInstall = {
  'type:kernel': ['zod', 'uuid', 'canonicalize'],
  'type:contract': ['zod'],
};

/** For code that ships. */
export const projectConstraints = Object.entries(mayImport).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
  sourceTag,
  onlyDependOnLibsWithTags,
  ...(sourceTag in mayInstall ? { allowedExternalImports: mayInstall[sourceTag] } : {}),
}));

/** For tests: the same, and whatever helps to test. */
export const testConstraints = Object.entries(mayImport).map(([sourceTag, tags]) => ({
  sourceTag,
  onlyDependOnLibsWithTags: [...new Set([...tags, 'type:testing'])],
}));
