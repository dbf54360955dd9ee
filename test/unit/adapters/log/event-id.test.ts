import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { eventId } from '../../../../adapters/log/event-id.js';
import type { LogEvent } from '../../../../core/ports.js';
import { input, outcome } from '../../../support/log-events.js';

describe('event id', () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it('is a UUID of version 8 and variant 10', () => {
    for (let i = 0; i < 200; i++) expect(eventId(`s${i}`, i, input(i))).to.match(uuid);
  });

  it('takes its bits from SHA-256 over stream and revision', () => {
    const hash = createHash('sha256').update('["execution-1",7]').digest('hex');
    const bare = eventId('execution-1', 7, outcome(3, 2)).replaceAll('-', '');
    expect(bare.slice(0, 12) + bare.slice(13, 16) + bare.slice(17)).to.equal(
      hash.slice(0, 12) + hash.slice(13, 16) + hash.slice(17, 32),
    );
  });

  it('of an outcome follows from stream and revision alone', () => {
    expect(eventId('e', 1, outcome(1, 1))).to.equal(eventId('e', 1, outcome(2, 9)));
    expect(eventId('e', 1, outcome(1, 1))).to.not.equal(eventId('e', 2, outcome(1, 1)));
    expect(eventId('e', 1, outcome(1, 1))).to.not.equal(eventId('f', 1, outcome(1, 1)));
  });

  it('of an input tells it from every other content', () => {
    const one = input(1, { price: '1', quantity: '2' });
    const changed: readonly LogEvent[] = [
      { ...one, seq: 2 },
      { ...one, at: one.at + 1 },
      { ...one, type: 'Traded' },
      { ...one, version: 2 },
      { ...one, data: { price: '1', quantity: '3' } },
    ];
    for (const other of changed) expect(eventId('m', 0, other)).to.not.equal(eventId('m', 0, one));
    expect(eventId('m', 0, { ...one, data: { quantity: '2', price: '1' } })).to.equal(eventId('m', 0, one));
  });

  it('of bookkeeping tells its content apart too', () => {
    const part = (text: string): LogEvent => ({ type: 'CheckpointPart', version: 1, at: 0, data: text });
    expect(eventId('checkpoints', 0, part('a'))).to.not.equal(eventId('checkpoints', 0, part('b')));
  });
});
