import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addCommonErrors } from './common-errors.ts';
import { faultsOf } from './faults.ts';
import {
  composeGateway,
  type Document,
  type DocumentOperation,
  type Generated,
  generate,
  renderOperations,
} from './index.ts';

const sample = join(__dirname, '../../test/sample');
const documentFile = join(sample, 'generated/openapi.json');
const operationsFile = join(sample, 'generated/operations.ts');

let generated: Generated;

beforeAll(async () => {
  generated = await generate({ title: 'Sample', version: '1.0.0', routes: [join(sample, '*.route.ts')] });
});

const operation = (document: Document, path: string, method: string): DocumentOperation => {
  const found = document.paths[path]?.[method];
  if (found === undefined) throw new Error(`${method} ${path} is missing`);
  return found;
};

describe('the contract that routes generate', () => {
  test('is the one that the tests of the server run on', async () => {
    const source = renderOperations(generated.operations, '../../../src/http/operation.ts');
    const json = `${JSON.stringify(generated.document, null, 2)}\n`;
    // After a change of the sample: UPDATE_SAMPLE=1 npx jest packages/service-kit/src/codegen
    if (process.env.UPDATE_SAMPLE) {
      await writeFile(documentFile, json);
      await writeFile(operationsFile, source);
    }
    expect(json).toBe(await readFile(documentFile, 'utf8'));
    expect(source).toBe(await readFile(operationsFile, 'utf8'));
  });

  test('says for each operation what it does, whom it lets in, and shows an example', () => {
    const create = operation(generated.document, '/v1/things', 'post');
    expect(create).toMatchObject({
      operationId: 'createThing',
      summary: 'Make a thing',
      tags: ['Things'],
      security: [{ oauth2: ['licenses:write'] }],
    });
    expect(create.requestBody?.content['application/json']?.example).toEqual({ name: 'Pump', count: 1 });
    expect(Object.keys(create.responses['404']?.content ?? {})).toEqual(['application/problem+json']);
    expect(operation(generated.document, '/v1/things/{thingId}', 'get')).toMatchObject({
      summary: 'See a thing',
      description: 'Any signed-in actor may.',
    });
  });

  test('keeps the limits of types that come from other packages', () => {
    const { schemas } = generated.document.components;
    expect(schemas.DeviceCount).toMatchObject({ type: 'integer', minimum: 1, maximum: 1_000_000 });
    expect(schemas.CreateThingRequest?.properties?.parts).toMatchObject({
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
    });
  });

  test('is strict in what comes in, and open in what goes out', () => {
    const { schemas } = generated.document.components;
    expect(schemas.CreateThingRequest?.additionalProperties).toBe(false);
    expect(schemas.CreateThingRequest?.properties?.lines?.items?.additionalProperties).toBe(false);
    expect(schemas.Thing?.additionalProperties).toBeUndefined();
  });

  test('says null so that every reader understands it', () => {
    const { owner, kind } = generated.document.components.schemas.Thing?.properties ?? {};
    expect(owner).toMatchObject({ type: 'string', format: 'uuid', nullable: true });
    expect(kind?.enum).toContain(null);
  });

  test('adds the errors that every operation can answer, in catalogue order, whether or not a route lists them', () => {
    const described = (status: string, description?: string): string | undefined => {
      const document = structuredClone(generated.document);
      const create = operation(document, '/v1/things', 'post');
      if (description === undefined) delete create.responses[status];
      else create.responses[status] = { description };
      addCommonErrors(document);
      return create.responses[status]?.description;
    };
    expect(described('403')).toBe('scope_missing');
    expect(described('403', 'scope_missing')).toBe('scope_missing');
    expect(described('403', 'device_proof_invalid, owner_required')).toBe(
      'scope_missing, device_proof_invalid, owner_required',
    );
    expect(described('422', 'split_mismatch')).toBe('split_mismatch, idempotency_key_reused');
    expect(described('422', 'idempotency_key_reused, split_mismatch')).toBe('split_mismatch, idempotency_key_reused');
  });

  test('holds the schema of an error although no route declares one', async () => {
    const { document } = await generate({ title: 'None', version: '1.0.0', routes: [] });
    expect(document.paths).toEqual({});
    expect(document.components.schemas.Problem?.required).toContain('code');
  });

  test('is refused where it breaks the rules of the API', () => {
    expect(generated.faults).toEqual([]);
    const faulty = structuredClone(generated.document);
    const create = operation(faulty, '/v1/things', 'post');
    delete create.summary;
    create.tags = [];
    create.security = [{ oauth2: ['things:write'] }];
    create.responses['404'] = { description: 'license_in_use, no_such_code' };
    const body = create.requestBody?.content['application/json'];
    if (body !== undefined) body.example = { name: 'Pump' };
    expect(faultsOf(faulty).filter((fault) => fault.startsWith('createThing'))).toEqual([
      'createThing: say in a comment what it does',
      'createThing: give its routes one tag',
      'createThing: there is no scope things:write',
      'createThing: "license_in_use" is no problem code with the status 404',
      'createThing: "no_such_code" is no problem code with the status 404',
      "createThing: its example does not fit: it must have required property 'count'. Give an @example",
    ]);
  });
});

describe('the document of the gateway', () => {
  const renamed = (change: (document: Document) => void): Document => {
    const other = structuredClone(generated.document);
    other.paths = { '/v2/things': { get: { ...operation(other, '/v1/things', 'get'), operationId: 'listThings2' } } };
    change(other);
    return other;
  };
  const compose = (other: Document) =>
    composeGateway([
      { service: 'one', document: generated.document },
      { service: 'two', document: other },
    ]);

  test('names the service of each operation, and every error it can answer', () => {
    const document = compose(renamed(() => undefined));
    expect(operation(document, '/v2/things', 'get')['x-service']).toBe('two');
    const create = operation(document, '/v1/things', 'post');
    expect(create['x-service']).toBe('one');
    expect(Object.keys(create.responses)).toEqual([
      '201',
      '202',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '422',
      '429',
      '503',
    ]);
    const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
    expect(create.responses['401']).toEqual({ description: 'unauthenticated', content });
    expect(create.responses['429']).toEqual({ $ref: '#/components/responses/RateLimited' });
    expect(document.components.responses?.RateLimited).toEqual({ description: 'rate_limited', content });
    expect(Object.keys(operation(document, '/v1/open/ping', 'post').responses)).toEqual([
      '204',
      '400',
      '422',
      '429',
      '503',
    ]);
    expect(Object.keys(operation(document, '/v1/things/{thingId}', 'patch').responses)).toEqual(
      expect.arrayContaining(['412', '428']),
    );
  });

  test('is the same, whatever the order of its parts', () => {
    const [first, second] = [generated.document, renamed(() => undefined)];
    const one = composeGateway([
      { service: 'one', document: first },
      { service: 'two', document: second },
    ]);
    const other = composeGateway([
      { service: 'two', document: second },
      { service: 'one', document: first },
    ]);
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  test('does not change the documents it is made of', () => {
    const before = JSON.stringify(generated.document);
    compose(renamed(() => undefined));
    expect(JSON.stringify(generated.document)).toBe(before);
  });

  test('is refused when two services differ about a schema, or share an operation or an address', () => {
    const different = renamed((other) => {
      other.components.schemas.Uuid = { type: 'string' };
    });
    expect(() => compose(different)).toThrow('two has a schema Uuid that differs');
    expect(() => compose(structuredClone(generated.document))).toThrow('two services have POST /v1/open/form');
    const sameId = renamed((other) => {
      operation(other, '/v2/things', 'get').operationId = 'listThings';
    });
    expect(() => compose(sameId)).toThrow('two services have an operation listThings');
  });
});
