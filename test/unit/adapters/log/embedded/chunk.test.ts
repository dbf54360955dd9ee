import { expect } from 'chai';
import { ChunkDamage, encodeChunk, readEvents, readHead } from '../../../../../adapters/log/embedded/chunk.js';
import { textsOf } from '../../../../../adapters/log/embedded/event-text.js';
import type { LogEvent } from '../../../../../core/ports.js';
import { input, inputs, outcome } from '../../../../support/log-events.js';
import { newSeed, seeded } from '../../../../support/seeded.js';

const head = { chunk: 7, streamId: 3, stream: 'reprise.größe', firstRevision: 40 };
const chunkOf = (...pieces: readonly (readonly LogEvent[])[]): Buffer => encodeChunk(head, pieces.map(textsOf)).value;
const read = (value: Buffer): readonly LogEvent[] => readEvents(value, readHead(value, 7));

function damageOf(value: Buffer): ChunkDamage {
  try {
    read(value);
  } catch (error) {
    if (error instanceof ChunkDamage) return error;
    throw error;
  }
  throw new Error('the damage was not found');
}

describe('chunk', () => {
  it('gives back its events, in one piece or several', () => {
    const events = [input(5, { text: 'größer 🂡' }), outcome(1, 5), ...inputs(8, 20)];
    expect(read(chunkOf(events))).to.deep.equal(events);
    expect(read(chunkOf(events.slice(0, 1), events.slice(1, 4), events.slice(4)))).to.deep.equal(events);
    expect(chunkOf(events.slice(0, 3), events.slice(3))).to.deep.equal(chunkOf(events));
  });

  it('says where its events stand', () => {
    expect(readHead(chunkOf(inputs(5, 9)), 7)).to.deep.equal({ ...head, count: 5, firstSeq: 5 });
    expect(readHead(chunkOf([outcome(1, 4)]), 7)).to.include({ firstSeq: 4 });
    expect(readHead(chunkOf([{ type: 'CheckpointTaken', version: 1, at: 0, data: null }]), 7)).to.include({
      firstSeq: -1,
    });
  });

  it('finds a flipped bit wherever it is', () => {
    const sound = chunkOf([...inputs(5, 8), outcome(1, 8)]);
    for (let bit = 0; bit < sound.length * 8; bit++) {
      const value = Buffer.from(sound);
      value[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => read(value), `bit ${bit}`).to.throw(ChunkDamage);
    }
  });

  it('finds a cut or another chunk in its place', () => {
    const sound = chunkOf(inputs(5, 8));
    for (let length = 0; length < sound.length; length++) damageOf(sound.subarray(0, length));
    expect(() => readHead(sound, 8)).to.throw(ChunkDamage, 'where another one was written');
  });

  it('names the damaged event and keeps those before it', () => {
    const seed = newSeed();
    const random = seeded(seed);
    const events = [...inputs(50, 60), outcome(3, 60), ...inputs(70, 99)];
    const sound = chunkOf(events);
    for (let round = 0; round < 200; round++) {
      const index = Math.floor(random() * events.length);
      const text = JSON.stringify(events[index]);
      const value = Buffer.from(sound);
      const at = value.indexOf(text) + Math.floor(random() * text.length);
      value[at]! ^= 1 << Math.floor(random() * 8);
      const damage = damageOf(value);
      const { seq, cause } = events[index]!;
      expect(damage, `seed ${seed}`).to.include({ index, seq: seq ?? cause });
      expect(damage.sound, `seed ${seed}`).to.deep.equal(events.slice(0, index));
    }
  });
});
