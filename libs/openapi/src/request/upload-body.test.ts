import { ArgumentValidator, buildRequest } from '@action-mesh/tools';

import { importSample, sampleDocument } from '../sample-document.fake.js';

const binary = { type: 'string', format: 'binary' };
const sources = [{ required: ['base64'] }, { required: ['url'] }, { required: ['result'] }];
const file = { type: 'object', properties: { base64: { format: 'byte' } }, oneOf: sources };

function imported(content: object, more: object = {}, version = '3.0.3') {
  const post = { operationId: 'upload', requestBody: { required: true, content }, ...more };
  return importSample(sampleDocument({ '/things/{id}': { post } }, { openapi: version }));
}

const multipart = (schema: object, media: object = {}) => ({ 'multipart/form-data': { schema, ...media } });

describe('an upload', () => {
  it('in a form with parts takes its files as arguments', () => {
    const schema = {
      type: 'object',
      required: ['photo'],
      properties: {
        photo: { ...binary, description: 'Of the user.' },
        more: { type: 'array', items: binary },
        title: { type: 'string' },
      },
    };
    const { tools, first } = imported(
      multipart(schema, { encoding: { photo: { contentType: 'image/png' } } }),
    );
    const [tool] = tools;
    if (tool === undefined) throw new Error(JSON.stringify(first.reasons));
    expect(tool.input).toMatchObject({
      properties: {
        photo: { ...file, description: 'Of the user.' },
        more: { type: 'array', items: file },
        title: { type: 'string' },
      },
      required: ['id', 'photo'],
    });
    expect(tool.http.body).toEqual({
      encoding: 'multipart',
      files: { photo: 'image/png', more: 'application/octet-stream' },
    });
    const args = { id: '1', photo: { base64: 'YQ==' }, more: [{ base64: 'Yg==', filename: 'b' }] };
    const validator = new ArgumentValidator(tool);
    expect(validator.validate(args)).toEqual({ ok: true });
    expect(validator.validate({ ...args, photo: { base64: 'no base64' } }).ok).toBe(false);
    expect(validator.validate({ ...args, photo: { url: 'https://files.test/a.png' } })).toEqual({ ok: true });
    expect(validator.validate({ ...args, photo: { url: 'https://a.test', base64: 'YQ==' } }).ok).toBe(false);
    expect(buildRequest(tool, args).headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  });

  it('is one argument if its members cannot stand beside the parameters', () => {
    const schema = {
      type: 'object',
      properties: { id: { type: 'string' }, data: binary },
      required: ['data'],
    };
    const parameters = [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }];
    const [tool] = imported(multipart(schema), { parameters }).tools;
    expect(tool?.http.body).toMatchObject({ encoding: 'multipart', argument: 'body' });
    expect(tool?.input).toMatchObject({
      properties: { body: { properties: { id: { type: 'string' }, data: file }, required: ['data'] } },
    });
  });

  it('is quarantined if the files among its parts are unknown', () => {
    const { first } = imported(multipart({ oneOf: [{ type: 'object' }, { type: 'object' }] }));
    expect(first.reasons).toMatchObject([{ code: 'body_parts' }]);
  });

  it('of bytes is one argument, which is a text if its media type is textual', () => {
    const image = imported({ 'image/png': { schema: { ...binary, description: 'The logo.' } } }).tools[0];
    expect(image?.http.body).toEqual({ encoding: 'bytes', argument: 'body', files: { body: 'image/png' } });
    expect(image?.input).toMatchObject({ properties: { body: { ...file, description: 'The logo.' } } });
    const any = imported({ '*/*': {}, 'application/octet-stream': {} });
    expect(any.tools[0]?.http.body?.encoding).toBe('json');
    const bytes = imported({ 'application/octet-stream': {} }, {}, '3.1.0').tools[0];
    expect(bytes?.input).toMatchObject({ properties: { body: file } });
    const text = imported({ 'text/csv': { schema: { type: 'string' } } }).tools[0];
    if (text === undefined) throw new Error('no tool');
    expect(buildRequest(text, { id: '1', body: 'a,b' })).toMatchObject({
      headers: { 'content-type': 'text/csv' },
      body: Buffer.from('a,b'),
    });
  });

  it('is recognized by its media type in OpenAPI 3.1, and by its type in Swagger', () => {
    const schema = { type: 'object', properties: { logo: { contentMediaType: 'image/svg' }, b: {} } };
    const [tool] = imported(multipart(schema), {}, '3.1.0').tools;
    expect(tool?.http.body).toEqual({ encoding: 'multipart', files: { logo: 'image/svg' } });
    const parameters = [{ in: 'formData', name: 'doc', type: 'file', required: true }];
    const swagger = importSample({
      swagger: '2.0',
      info: { title: 'Acme', version: '1' },
      host: 'api.acme.test',
      schemes: ['https'],
      paths: { '/a': { post: { consumes: ['multipart/form-data'], parameters } } },
    });
    expect(swagger.tools[0]?.http.body).toEqual({
      encoding: 'multipart',
      files: { doc: 'application/octet-stream' },
    });
  });

  it('is not preferred to JSON or a plain form', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    expect(
      imported({ ...multipart(schema), 'application/json': { schema } }).tools[0]?.http.body,
    ).toBeUndefined();
  });
});
