import { expect } from 'chai';
import { OrdersFileError, parseOrdersFile } from '../../../../adapters/requests/orders-file.js';
import { T0 } from '../../../support/market.js';

const ORDER = '{ "instrument": "BTC-USD@test", "side": "buy", "quantity": 1, "duration": "1m" }';
const named = (orderId: string): string => ORDER.replace('{', `{ "orderId": "${orderId}",`);
const fails = (text: string): OrdersFileError => {
  try {
    parseOrdersFile(text, 'orders.json');
  } catch (error) {
    if (error instanceof OrdersFileError) return error;
    throw error;
  }
  throw new Error('the file was read');
};

describe('an orders file', () => {
  it('is a JSON array', () => {
    const { orders } = parseOrdersFile(`[\n  ${ORDER},\n\n  ${named('mine')}\n]`, 'orders.json');
    expect(orders.map(({ line, orderId }) => [line, orderId])).to.deep.equal([
      [2, 'o1'],
      [4, 'mine'],
    ]);
    expect(orders[0]?.parameters).to.deep.equal({
      instrument: 'BTC-USD@test',
      account: 'default',
      side: 'buy',
      quantity: '1',
      duration: '1m',
    });
    expect(orders[0]).to.not.have.property('at');
  });

  it('or one object a line, blank lines apart', () => {
    const { orders } = parseOrdersFile(`\uFEFF${ORDER}\r\n\r\n${named('x')}\n${ORDER}\n`, 'orders.ndjson');
    expect(orders.map(({ line, orderId }) => [line, orderId])).to.deep.equal([
      [1, 'o1'],
      [3, 'x'],
      [4, 'o3'], // its place among the orders, not among those without an id
    ]);
  });

  it('or a single order over several lines', () => {
    const pretty = ORDER.replaceAll(', ', ',\n  ');
    expect(parseOrdersFile(pretty, 'orders.json').orders.map(({ orderId }) => orderId)).to.deep.equal(['o1']);
  });

  it('may hold no orders', () => {
    expect(parseOrdersFile('[]', 'orders.json')).to.deep.equal({ fileName: 'orders.json', orders: [], commands: [] });
  });

  it('has commands of every kind with their time', () => {
    const at = '"at": "2024-01-01T00:00:01Z"';
    const { orders, commands } = parseOrdersFile(
      `[{ "command": "pause", ${at}, "orderId": "o1" },
        { "at": 1704067200000000000, "account": "desk7", ${ORDER.slice(1)},
        { "command": "amend", ${at}, "orderId": "o1", "changes": { "quantity": 2.50, "limitPrice": null } }]`,
      'orders.json',
    );
    expect(orders[0]?.at).to.equal(T0);
    expect(commands).to.deep.equal([
      { kind: 'command', line: 1, at: T0 + 1_000_000, command: 'pause', orderId: 'o1', account: 'desk7' },
      {
        kind: 'command',
        line: 3,
        at: T0 + 1_000_000,
        command: 'amend',
        orderId: 'o1',
        account: 'desk7',
        changes: { quantity: '2.5', limitPrice: null },
      },
    ]);
  });

  const at = '"at": "2024-01-01T00:00:01Z"';
  for (const [text, line, code] of [
    ['', 1, 'file_empty'],
    [' \n ', 1, 'file_empty'],
    [`${ORDER}\nnonsense`, 2, 'not_json'],
    [`${ORDER}\n${ORDER.slice(0, -5)}\n${ORDER}`, 2, 'not_json'],
    [`[${ORDER}\n${ORDER}]`, 2, 'not_json'],
    [`{\n"instrument": BTC\n}`, 2, 'not_json'],
    [`[${ORDER},\n7]`, 2, 'wrong_type'],
    [`[\n${ORDER.replace('side', 'sied')}]`, 2, 'unknown_key'],
    [`${named('a')}\n${ORDER}\n${named('a')}`, 3, 'order_exists'],
    [`${named('o2')}\n${ORDER}`, 2, 'order_exists'], // a given name may not take a made one
    [`[${ORDER},\n{ "command": "pause", ${at}, "orderId": "o2" }]`, 2, 'order_unknown'],
    [`[${ORDER},\n{ "command": "pause", "orderId": "o1" }]`, 2, 'missing_key'],
    [`[${ORDER},\n{ "command": "halt", ${at}, "orderId": "o1" }]`, 2, 'unknown_word'],
    [`[${ORDER},\n{ "command": "pause", ${at}, "orderId": "o1", "changes": {} }]`, 2, 'malformed'],
    [`[${ORDER},\n{ "command": "amend", ${at}, "orderId": "o1" }]`, 2, 'malformed'],
    [`[${ORDER},\n{ "command": "amend", ${at}, "orderId": "o1", "changes": { "qty": 1 } }]`, 2, 'unknown_key'],
    [`[\n{ "at": "yesterday", ${ORDER.slice(1)}]`, 2, 'malformed'],
    [`[\n{ "at": 12345, ${ORDER.slice(1)}]`, 2, 'malformed'], // a seq is no instant
    [`[\n{ "at": "2024-02-30T00:00:00Z", ${ORDER.slice(1)}]`, 2, 'malformed'],
  ] as const)
    it(`says line ${line} and ${code} of ${JSON.stringify(text.slice(0, 70))}`, () => {
      const error = fails(text);
      expect([error.line, error.problem.code]).to.deep.equal([line, code]);
      expect(error.message).to.match(new RegExp(`^orders\\.json:${line}: .+`));
    });

  it('names the key of a change that does not fit', () => {
    const error = fails(`[${ORDER}, { "command": "amend", ${at}, "orderId": "o1", "changes": { "side": "up" } }]`);
    expect(error.message).to.equal(
      'orders.json:1: /changes/side: side is the text "up"; send "buy" or "sell", or null to take it out',
    );
  });
});
