import { expect } from 'chai';
import { readJson } from '../../../../adapters/requests/json-text.js';

const problem = (text: string): { code: string; what: string } => readJson(text).problem!;

describe('JSON as it was sent', () => {
  for (const [text, line, column] of [
    ['', 1, 1],
    ['{', 1, 2],
    ['{"a": }', 1, 7],
    ['{"a": 1,\n  "b" 2}', 2, 7],
    ["{'a': 1}", 1, 2],
    ['{"a": 1} {"b": 2}', 1, 10],
    ['[1, 2', 1, 6],
    ['hello', 1, 1],
    ['{"a": NaN}', 1, 7],
    ['{"a": .5}', 1, 7],
  ] as const)
    it(`says where ${JSON.stringify(text)} is no JSON`, () => {
      expect(problem(text).code).to.equal('not_json');
      expect(problem(text).what).to.include(`(line ${line}, column ${column})`);
    });

  it('refuses a key said twice, also with the same value and in another spelling', () => {
    expect(problem('{"a": 1, "a": 1}')).to.include({
      code: 'duplicate_key',
      what: 'the key "a" is said twice (line 1, column 10)',
    });
    expect(problem('{"a": 1, "\\u0061": 2}').code).to.equal('duplicate_key');
    expect(problem('[{"a": {"b": 1, "c": 2, "b": 3}}]').code).to.equal('duplicate_key');
    expect(readJson('[{"a": "a"}, {"a": {"a": ["a", "a"]}}]').problem).to.equal(undefined);
  });

  it('refuses a nesting that would exhaust the stack', () => {
    expect(problem('['.repeat(500_000)).code).to.equal('too_deep');
    expect(readJson(`${'['.repeat(16)}${']'.repeat(16)}`).problem).to.equal(undefined);
  });

  it('is not confused by brackets and quotes inside texts', () => {
    expect(readJson('{"a": "}\\"]{[", "b": "\\\\"}').ok).to.deep.equal({ a: '}"]{[', b: '\\' });
  });
});
