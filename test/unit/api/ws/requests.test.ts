import { expect } from 'chai';
import { isAfter } from '../../../../api/ws/position.js';
import { readRequest, StreamError } from '../../../../api/ws/requests.js';

describe('a message of a client', () => {
  for (const [text, request] of [
    ['{"subscribe":"orders"}', { subscribe: 'orders' }],
    ['{"from":"12.3","subscribe":"order:o1"}', { subscribe: 'order:o1', from: '12.3' }],
    ['{"unsubscribe":"orders"}', { unsubscribe: 'orders' }],
  ] as const)
    it(`reads ${text}`, () => {
      expect(readRequest(text)).to.deep.equal(request);
    });

  for (const [text, code] of [
    ['hello', 'not_json'],
    ['', 'not_json'],
    ['[]', 'wrong_type'],
    ['"orders"', 'wrong_type'],
    ['{}', 'malformed'],
    ['{"subscribe":"orders","unsubscribe":"orders"}', 'malformed'],
    ['{"subscribe":5}', 'wrong_type'],
    ['{"subscribe":null}', 'wrong_type'],
    [`{"subscribe":"${'o'.repeat(300)}"}`, 'wrong_type'],
    ['{"subscribe":"orders","from":12.3}', 'malformed'],
    ['{"subscribe":"orders","from":"12"}', 'malformed'],
    ['{"subscribe":"orders","from":"-1.0"}', 'malformed'],
    ['{"unsubscribe":"orders","from":"1.1"}', 'malformed'],
    ['{"subcribe":"orders"}', 'unknown_key'],
    ['{"subscribe":"orders","subscribe":"orders"}', 'duplicate_key'],
    ['['.repeat(60_000), 'too_deep'],
  ] as const)
    it(`turns away ${text.slice(0, 60)}`, () => {
      expect(() => readRequest(text))
        .to.throw(StreamError)
        .that.includes({ code });
    });
});

describe('a position', () => {
  it('is later by its outcome first, then by its input', () => {
    expect(isAfter('10.3', '9.2')).to.equal(true);
    expect(isAfter('9.10', '10.9')).to.equal(true);
    expect(isAfter('11.3', '10.3')).to.equal(true);
    expect(isAfter('10.3', '10.3')).to.equal(false);
    expect(isAfter('9.3', '10.3')).to.equal(false);
  });
});
