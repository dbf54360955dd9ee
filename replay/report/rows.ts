import { RecordBatchReader, type RecordBatch } from 'apache-arrow';
import { open } from 'node:fs/promises';
import type { Json } from '../../core/json.js';
import { objectiveCost, type CostRow } from '../statistics/rows.js';

/** What one desk cost, and in which part of the sweep; its `assume` names all settings of the venue. */
export interface PartRow extends CostRow {
  readonly part: 'train' | 'test';
  /** The fill assumption alone. */
  readonly assumption: string;
}

/** Reads what a report needs of each row of `results.arrow`, batch by batch. */
export async function readCostRows(path: string, objective: string): Promise<PartRow[]> {
  const file = await open(path, 'r');
  try {
    const rows: PartRow[] = [];
    for await (const batch of await RecordBatchReader.from(file)) addRows(batch, objective, rows);
    return rows;
  } finally {
    await file.close().catch(() => undefined); // the reader may have closed it
  }
}

function addRows(batch: RecordBatch, objective: string, rows: PartRow[]): void {
  const column = (name: string) => {
    const found = batch.getChild(name);
    if (found === null) throw new Error(`it has no column ${name}`);
    return found;
  };
  const text = (name: string): ((i: number) => string) => {
    const cells = column(name);
    return (i) => String(cells.get(i) ?? '');
  };
  const names = { session: text('session'), part: text('part'), assume: text('assume'), flags: text('flags') };
  const terms = ['venueLatency', 'makerFee', 'takerFee', 'takeSlack', 'allowPartialBook'].map(text);
  const [set, seed, cut] = [column('set'), column('seed'), column('cut')];
  const [cost, completion] = [column(objective), column('completion')];
  const at = column('start').data[0]!.values as BigInt64Array;
  for (let i = 0; i < batch.numRows; i++) {
    const assumption = names.assume(i);
    const costs: Record<string, Json> = {
      flags: names.flags(i).split(' '),
      completion: plain(completion.get(i)),
      [objective]: plain(cost.get(i)),
    };
    rows.push({
      set: Number(set.get(i)),
      session: names.session(i),
      at: Number(at[i]!),
      seed: Number(seed.get(i)),
      assume: [assumption, ...terms.map((term) => term(i))].join(' '),
      windowMicros: 0,
      cut: cut.get(i) === true,
      cost: objectiveCost(objective, costs),
      part: names.part(i) === 'test' ? 'test' : 'train',
      assumption,
    });
  }
}

/** `objectiveCost` reads decimals as they stand in the log: as text. */
const plain = (value: unknown): string | null =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : null;
