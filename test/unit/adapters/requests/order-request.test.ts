import { expect } from 'chai';
import { readJson } from '../../../../adapters/requests/json-text.js';
import { readChanges, readOrder } from '../../../../adapters/requests/order-request.js';
import type { RequestProblem } from '../../../../adapters/requests/problem.js';

const INSTRUMENT = '"instrument": "BTC-USD@test"';
const order = (members: string): ReturnType<typeof readOrder> => {
  const read = readJson(`{ ${INSTRUMENT}${members === '' ? '' : `, ${members}`} }`);
  return read.problem === undefined ? readOrder(read.ok) : read;
};
const changes = (text: string): ReturnType<typeof readChanges> => readChanges(readJson(text).ok!);

describe('an order at the door', () => {
  it('keeps every key, and belongs to the default account', () => {
    expect(
      order('"orderId": "a.1", "side": "buy", "quantity": "1.5", "slices": 3, "guaranteed": false').ok,
    ).to.deep.equal({
      orderId: 'a.1',
      parameters: {
        instrument: 'BTC-USD@test',
        account: 'default',
        side: 'buy',
        quantity: '1.5',
        slices: 3,
        guaranteed: false,
      },
    });
  });

  for (const [sent, read] of [
    ['0.1', '0.1'],
    ['"0.10"', '0.1'],
    ['100', '100'],
    ['1e2', '100'],
    ['1.25E+1', '12.5'],
    ['1e-5', '0.00001'],
    ['-0', '0'],
    ['-2.50', '-2.5'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'], // no float has seen it
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
    ['"007"', '7'],
  ] as const)
    it(`reads the quantity ${sent} as ${read}`, () => {
      expect(order(`"quantity": ${sent}`).ok?.parameters.quantity).to.equal(read);
    });

  it('is the same request in whatever order and notation its keys were sent', () => {
    const one = order('"side": "sell", "quantity": 1.50, "limitPrice": "100.0"');
    const other = order('"limitPrice": 1e2, "quantity": "1.5", "account": "default", "side": "sell"');
    expect(JSON.stringify(one)).to.equal(JSON.stringify(other));
  });

  for (const [members, problem] of [
    ['"quantitty": "1"', { code: 'unknown_key', where: '/quantitty', mend: 'did you mean "quantity"?' }],
    ['"at": "2024-01-01T00:00:00Z"', { code: 'unknown_key', where: '/at' }],
    ['"__proto__": {"side": "buy"}', { code: 'unknown_key', where: '/__proto__' }],
    ['"a/b~c": 1', { code: 'unknown_key', where: '/a~1b~0c' }],
    ['"side": "byu"', { code: 'unknown_word', where: '/side', mend: 'send "buy" or "sell"' }],
    ['"side": 1', { code: 'wrong_type', where: '/side', what: 'side is the number 1' }],
    ['"quantity": true', { code: 'wrong_type', where: '/quantity', what: 'quantity is true' }],
    ['"quantity": null', { code: 'wrong_type', where: '/quantity', what: 'quantity is null' }],
    ['"quantity": ["1"]', { code: 'wrong_type', where: '/quantity', what: 'quantity is an array' }],
    ['"quantity": "1e5"', { code: 'malformed', where: '/quantity' }],
    ['"quantity": "one"', { code: 'malformed', where: '/quantity', what: 'quantity is the text "one"' }],
    ['"quantity": 1e-19', { code: 'number_out_of_range', where: '/quantity' }],
    ['"quantity": 1e400', { code: 'number_out_of_range', where: '/quantity' }],
    [`"quantity": "${'9'.repeat(80)}"`, { code: 'malformed', where: '/quantity' }],
    [
      '"slices": 1.5',
      { code: 'wrong_type', where: '/slices', what: 'slices is the number 1.5', mend: 'send a whole number' },
    ],
    ['"slices": "3"', { code: 'wrong_type', where: '/slices', what: 'slices is the text "3"' }],
    ['"slices": 1e30', { code: 'number_out_of_range', where: '/slices' }],
    ['"guaranteed": "yes"', { code: 'wrong_type', where: '/guaranteed', mend: 'send true or false' }],
    ['"duration": "5 minutes"', { code: 'malformed', where: '/duration' }],
    ['"duration": ""', { code: 'malformed', where: '/duration' }],
    ['"duration": 60', { code: 'wrong_type', where: '/duration' }],
    ['"startTime": "tomorrow"', { code: 'malformed', where: '/startTime' }],
    ['"endTime": "2024-01-01T00:00:00"', { code: 'malformed', where: '/endTime' }], // no offset: not an instant
    ['"orderId": "a b"', { code: 'malformed', where: '/orderId' }],
    ['"account": "../x"', { code: 'malformed', where: '/account' }],
    ['"side": "buy", "side": "buy"', { code: 'duplicate_key', where: '' }],
  ] as const)
    it(`turns away ${members.slice(0, 60)}`, () => {
      const { problem: found } = order(members) as { problem: RequestProblem };
      expect(found).to.include(problem);
      expect(found.what).to.not.equal('');
      expect(found.mend).to.not.equal('');
    });

  it('needs an instrument', () => {
    expect(readOrder(readJson('{}').ok!).problem).to.include({ code: 'missing_key', where: '/instrument' });
  });

  it('is an object', () => {
    for (const text of ['[]', 'null', '"order"', '5'])
      expect(readOrder(readJson(text).ok!).problem).to.include({ code: 'wrong_type', where: '' });
  });

  for (const startTime of ['manual', '+5m', '2024-01-01T00:00:00.000001Z', '2024-01-01 00:00:00+02:00'])
    it(`starts at ${startTime}`, () => {
      expect(order(`"startTime": "${startTime}"`).ok?.parameters.startTime).to.equal(startTime);
    });
});

describe('an amendment at the door', () => {
  it('takes a key out with null', () => {
    expect(changes('{ "limitPrice": null, "side": null, "slices": null, "quantity": 2.0 }').ok).to.deep.equal({
      side: null,
      quantity: '2',
      slices: null,
      limitPrice: null,
    });
  });

  for (const [text, code, where] of [
    ['{}', 'nothing_to_change', ''],
    ['{ "orderId": "b" }', 'unknown_key', '/orderId'],
    ['{ "instrument": null }', 'wrong_type', '/instrument'],
    ['{ "side": "up" }', 'unknown_word', '/side'],
    ['{ "limitPrice": {} }', 'wrong_type', '/limitPrice'],
  ] as const)
    it(`turns away ${text}`, () => {
      expect(changes(text).problem).to.include({ code, where });
    });
});
