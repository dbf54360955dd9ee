import { expect } from 'chai';
import { Outbox, type Sink } from '../../../../api/ws/outbox.js';

/** A socket whose network takes bytes only when told to. */
class SlowSink implements Sink {
  bufferedAmount = 0;
  readonly sent: string[] = [];
  readonly #acks: { bytes: number; sent: () => void }[] = [];

  send(text: string, sent: () => void): void {
    this.sent.push(text);
    this.bufferedAmount += text.length;
    this.#acks.push({ bytes: text.length, sent });
  }

  /** The network takes everything that is in the socket, and what comes after it. */
  drain(): void {
    for (let ack = this.#acks.shift(); ack !== undefined; ack = this.#acks.shift()) {
      this.bufferedAmount -= ack.bytes;
      ack.sent();
    }
  }
}

const KB = 1024;
const frame = (name: string, bytes = 40 * KB): string => name.padEnd(bytes, '.');
const names = (sent: readonly string[]): string[] => sent.map((text) => text.replace(/\.+$/, ''));

describe('an outbox', () => {
  it('lets through what the network takes', () => {
    const sink = new SlowSink();
    const outbox = new Outbox(sink, 200 * KB);
    for (let i = 0; i < 100; i++) {
      expect(outbox.offer(frame(`f${i}`))).to.equal(true);
      sink.drain();
    }
    expect([sink.sent.length, outbox.bytes]).to.deep.equal([100, 0]);
  });

  it('has no room beyond its cap, and tells when it is empty again', () => {
    const sink = new SlowSink();
    let drained = 0;
    const outbox = new Outbox(sink, 200 * KB, () => drained++);
    const taken = Array.from({ length: 8 }, (_, i) => outbox.offer(frame(`f${i}`)));
    expect(taken).to.deep.equal([true, true, true, true, true, false, false, false]);
    expect(outbox.bytes).to.equal(200 * KB);
    expect(drained).to.equal(0);
    sink.drain();
    expect(names(sink.sent)).to.deep.equal(['f0', 'f1', 'f2', 'f3', 'f4']);
    expect([drained, outbox.bytes]).to.deep.equal([1, 0]);
  });

  it('keeps only the newest of a book, in the place of the first that waits', () => {
    const sink = new SlowSink();
    const outbox = new Outbox(sink, 400 * KB);
    outbox.offer(frame('a'));
    outbox.offer(frame('b'));
    for (let i = 0; i < 1000; i++) outbox.offerBook('book:x', frame(`x${i}`));
    outbox.offer(frame('c'));
    for (let i = 0; i < 1000; i++) outbox.offerBook('book:y', frame(`y${i}`));
    expect(outbox.bytes).to.equal(5 * 40 * KB);
    sink.drain();
    expect(names(sink.sent)).to.deep.equal(['a', 'b', 'x999', 'c', 'y999']);
    outbox.offerBook('book:x', frame('x1000'));
    sink.drain();
    expect(names(sink.sent).at(-1)).to.equal('x1000');
  });

  it('always has room for a control frame, but not for a thousand', () => {
    const sink = new SlowSink();
    const outbox = new Outbox(sink, 100 * KB);
    while (outbox.offer(frame('f', 10 * KB)));
    expect(outbox.control('{"lost":1}')).to.equal(true);
    let fitted = 0;
    while (outbox.control(frame('c', KB))) fitted++;
    expect(fitted).to.be.within(10, 100);
  });

  it('makes whoever waits for room wait until half of it is free', async () => {
    const sink = new SlowSink();
    const outbox = new Outbox(sink, 100 * KB);
    outbox.offer(frame('a', 90 * KB));
    let waited = false;
    const room = outbox.room().then(() => (waited = true));
    await Promise.resolve();
    expect(waited).to.equal(false);
    sink.drain();
    await room;
    expect(waited).to.equal(true);
  });

  it('lets nobody wait for ever once it is closed', async () => {
    const outbox = new Outbox(new SlowSink(), 100 * KB);
    outbox.offer(frame('a', 90 * KB));
    const room = outbox.room();
    outbox.close();
    await room;
    expect([outbox.offer('b'), outbox.control('c')]).to.deep.equal([false, false]);
  });
});
