import { basename, dirname, sep } from 'node:path';

const allowed =
  /^[a-z0-9]+(-[a-z0-9]+)*(\.(module|controller|consumer|port|fake|errors|v\d+))?(\.(integration\.|e2e\.|packages\.)?test)?\.ts$/;
const meaningless = /(^|-)(utils?|helpers?|common|misc|managers?|base)(-|\.|$)/;

/** ESLint rule: a file has a kebab-case noun as its name, with a dot only before a role from a closed list. */
export const fileNameRule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      form: "'{{name}}' is not a kebab-case noun with at most a known role after a dot (.module .controller .consumer .port .fake .errors .v1 .test .integration.test .e2e.test .packages.test)",
      meaningless:
        "'{{name}}' does not say what the file is: name the concept, or move the code beside its user",
    },
  },
  create(context) {
    return {
      Program(node) {
        const name = basename(context.filename);
        const path = [...dirname(context.filename).slice(context.cwd.length).split(sep), name];
        const hollow = path.find((segment) => meaningless.test(segment));
        if (hollow !== undefined) context.report({ node, messageId: 'meaningless', data: { name: hollow } });
        else if (!allowed.test(name)) context.report({ node, messageId: 'form', data: { name } });
      },
    };
  },
};
