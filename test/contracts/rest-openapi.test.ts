import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { routes } from '../../api/rest/routes.js';
import { RememberedAnswers } from '../../api/rest/remembered-answers.js';
import { Turns } from '../../api/rest/turns.js';
import { PARAMETER_KEYS } from '../../core/orders/parameters.js';
import { serve, type Reply, type Served } from '../support/api-client.js';
import { FakeLiveRun } from '../support/fake-live-run.js';
import { BTC, INVERSE, SPOT, traded } from '../support/market.js';
import { TestClient } from '../support/stream-client.js';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object }>> };
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>> }>
  >;
}

const ORDER = { orderId: 'o1', instrument: BTC, side: 'buy', quantity: '0.6', duration: '30s', slices: 3 };

describe('the OpenAPI document', () => {
  let api: Served;
  let document: Document;
  let ajv: Ajv2020;

  beforeEach(async () => {
    api = await serve(new FakeLiveRun([SPOT, INVERSE]));
    document = (await api.get('/openapi.json')).body as Document;
    ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.addSchema(document, 'openapi');
  });
  afterEach(async () => {
    await api.stop();
  });

  const schema = (name: string): ValidateFunction => ajv.compile({ $ref: `openapi#/components/schemas/${name}` });
  const holds = (name: string, value: unknown): void => {
    const validate = schema(name);
    expect(validate(value), `${name}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`).to.equal(true);
  };
  /** An answer is one that the document announces for its route, and has the announced shape. */
  const announced = (path: string, method: string, reply: Reply): void => {
    const response = document.paths[path]?.[method]?.responses[String(reply.status)];
    expect(response, `${method} ${path} ${reply.status}`).to.be.an('object');
    const content = response!.content?.[reply.type];
    expect(content, `${method} ${path} ${reply.status} ${reply.type}`).to.be.an('object');
    if (content!.schema.$ref !== undefined)
      holds(content!.schema.$ref.replace('#/components/schemas/', ''), reply.body);
  };

  it('has every route that is served, with its query, and no other', () => {
    const door = { run: api.run, turns: new Turns(), remembered: new RememberedAnswers(), newOrderId: () => 'x' };
    const served = routes(door).map(({ method, path, query = [] }) => {
      const named = path.replace(/:(\w+)/g, '{$1}');
      return [`${method} ${named}`, [...query].sort()] as const;
    });
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [] }]) => {
        const query = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
        const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => `{${name}}`);
        if (!path.startsWith('/v1/orders/{orderId}/e')) expect(path.match(/\{\w+\}/g) ?? []).to.deep.equal(inPath);
        return [`${method} ${path}`, query.sort()] as const;
      }),
    );
    const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);
    expect(described.sort(byName)).to.deep.equal([...served].sort(byName));
    expect(document.openapi).to.match(/^3\.1\./);
  });

  it('has its page for people, with every path', () => {
    const page = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
    const shown = page
      .replaceAll('orders/first', 'orders/{orderId}')
      .replaceAll('books/BTC-USD%40sample', 'books/{instrument}');
    for (const path of Object.keys(document.paths))
      expect(shown.replaceAll('accounts/default', 'accounts/{account}')).to.include(path);
  });

  it('refers to nothing that is not there', () => {
    const names = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name!,
    );
    expect(names).to.not.be.empty;
    for (const name of names) expect(document.components.schemas).to.have.property(name);
    for (const name of Object.keys(document.components.schemas)) schema(name);
  });

  it('shows the keys of an order as the core has them', () => {
    const { OrderRequest, Changes, Parameters } = document.components.schemas;
    expect(Object.keys(OrderRequest!.properties!)).to.deep.equal(['orderId', ...PARAMETER_KEYS]);
    expect(Object.keys(Changes!.properties!)).to.deep.equal([...PARAMETER_KEYS]);
    expect(Object.keys(Parameters!.properties!)).to.deep.equal([...PARAMETER_KEYS]);
  });

  it('is true of what the routes answer', async () => {
    const inverse = {
      orderId: 'i1',
      instrument: INVERSE.instrument,
      side: 'sell',
      quantity: '2',
      duration: '20s',
      slices: 2,
    };
    announced('/v1/orders', 'post', await api.send('POST', '/v1/orders', ORDER));
    announced('/v1/orders', 'post', await api.send('POST', '/v1/orders', ORDER));
    announced('/v1/orders', 'post', await api.send('POST', '/v1/orders', { ...ORDER, quantity: '9' }));
    announced('/v1/orders', 'post', await api.send('POST', '/v1/orders', { ...ORDER, orderId: 'r', quantity: '0' }));
    announced('/v1/orders', 'post', await api.send('POST', '/v1/orders', { nothing: 1 }));
    announced('/v1/orders', 'post', await api.send('POST', '/v1/orders', 'x', { 'content-type': 'text/plain' }));
    announced('/v1/orders', 'post', await api.send('POST', '/v1/orders', `"${'x'.repeat(2_000_000)}"`));
    announced('/v1/orders', 'post', await api.send('POST', '/v1/orders', inverse));
    announced('/v1/orders', 'post', await api.send('POST', '/v1/orders', { ...ORDER, orderId: 'l', limitPrice: '90' }));
    const quoting = { ...ORDER, orderId: 'q', aggressionFloor: '100', aggressionCap: '0', quote: 'join' };
    announced('/v1/orders', 'post', await api.send('POST', '/v1/orders', quoting));
    announced(
      '/v1/orders',
      'post',
      await api.send('POST', '/v1/orders', { ...ORDER, orderId: 'm', startTime: 'manual' }),
    );
    for (let i = 0; i < 4; i++) {
      api.run.happen(traded(api.run.now + 1000, { side: 'buy', price: '101', quantity: '1' }));
      api.run.pass(5);
      api.run.happen(traded(api.run.now + 1000, { side: 'sell', price: '99.5', quantity: '0.1' }));
      api.run.pass(5);
    }
    announced('/v1/orders', 'get', await api.get('/v1/orders?limit=2'));
    announced('/v1/orders', 'get', await api.get('/v1/orders?limit=x'));
    for (const id of ['o1', 'r', 'i1', 'l', 'm', 'q', 'nobody'])
      for (const what of ['', '/fills', '/slices', '/events', '/explain'])
        announced(`/v1/orders/{orderId}${what}`, 'get', await api.get(`/v1/orders/${id}${what}`));
    for (const what of ['start', 'pause', 'resume', 'stop', 'stop'])
      announced(`/v1/orders/{orderId}/${what}`, 'post', await api.send('POST', `/v1/orders/m/${what}`));
    announced('/v1/orders/{orderId}', 'patch', await api.send('PATCH', '/v1/orders/m', { limitPrice: '105' }));
    announced('/v1/orders/{orderId}', 'patch', await api.send('PATCH', '/v1/orders/m', { limitPrice: '0.01' }));
    announced('/v1/orders/{orderId}', 'delete', await api.send('DELETE', '/v1/orders/m'));
    announced('/v1/orders/{orderId}', 'delete', await api.send('DELETE', '/v1/orders/m'));
    const lines = { aggressionFloor: '20', aggressionCap: '10', maxParticipation: '0.1', randomizeSize: '0.5' };
    for (const body of [
      ORDER,
      { ...ORDER, orderId: 'p', ...lines },
      { ...ORDER, orderId: undefined, startTime: 'manual', side: undefined, quantity: undefined, targetPosition: '0' },
      { ...ORDER, orderId: undefined, side: undefined, quantity: undefined, targetPosition: '-1', ...lines },
      { ...ORDER, instrument: 'x@y', slices: 0, randomizeTime: '2' },
      { nothing: 1 },
    ])
      announced('/v1/orders/preview', 'post', await api.send('POST', '/v1/orders/preview', body));
    announced('/v1/instruments', 'get', await api.get('/v1/instruments'));
    announced('/v1/books/{instrument}', 'get', await api.get(`/v1/books/${BTC}`));
    announced('/v1/books/{instrument}', 'get', await api.get('/v1/books/x@y'));
    announced('/v1/accounts/{account}', 'get', await api.get('/v1/accounts/default'));
    for (const asOf of ['0', '9', '9999', 'yesterday']) {
      announced('/v1/orders/{orderId}', 'get', await api.get(`/v1/orders/o1?asOf=${asOf}`));
      announced('/v1/books/{instrument}', 'get', await api.get(`/v1/books/${BTC}?asOf=${asOf}`));
      announced('/v1/accounts/{account}', 'get', await api.get(`/v1/accounts/default?asOf=${asOf}`));
    }
    announced('/v1/session/step', 'post', await api.send('POST', '/v1/session/step?messages=1'));
    api.run.step = () => Promise.resolve({ at: api.run.now, position: '1.1', isOver: false });
    announced('/v1/session/step', 'post', await api.send('POST', '/v1/session/step?messages=1'));
    announced('/v1/session/step', 'post', await api.send('POST', '/v1/session/step'));
    announced('/health', 'get', await api.get('/health'));
    api.run.status = 'starting';
    announced('/v1/health', 'get', await api.get('/v1/health'));
    announced('/openapi.json', 'get', await api.get('/openapi.json'));
    announced('/v1/stream', 'get', await api.get('/v1/stream'));
  });

  it('is true of what the stream says', async () => {
    const client = await TestClient.connect(api.port);
    for (const channel of ['orders', `book:${BTC}`, `trades:${BTC}`, 'order:nobody']) await client.follow(channel);
    await api.send('POST', '/v1/orders', ORDER);
    api.run.happen(traded(api.run.now + 1000, { side: 'buy', price: '101', quantity: '1' }));
    client.say({ unsubscribe: 'orders' });
    await client.until(() => client.told.some(({ unsubscribed }) => unsubscribed !== undefined));
    for (const told of client.told) holds('StreamFrame', told);
    for (const said of [{ subscribe: 'orders' }, { subscribe: 'orders', from: '1.2' }, { unsubscribe: 'orders' }])
      holds('StreamRequest', said);
    client.socket.terminate();
  });

  it('asks of an order what the door asks', () => {
    const validate = schema('OrderRequest');
    expect(validate(ORDER)).to.equal(true);
    for (const wrong of [
      { quantity: 'one' },
      { slices: '3' },
      { sides: 'buy' },
      { duration: '5 minutes' },
      { side: 'up' },
    ])
      expect(validate({ ...ORDER, ...wrong }), JSON.stringify(wrong)).to.equal(false);
  });
});
