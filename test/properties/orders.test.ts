import { expect } from 'chai';
import { Decimal } from '../../core/decimal.js';
import { Engine } from '../../core/engine/engine.js';
import { encodeOutcome } from '../support/encode-outcome.js';
import type { Concluded } from '../../core/orders/outcomes.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import { Projections } from '../../core/orders/projections.js';
import { takesSlices } from '../../core/orders/pace.js';
import { executedLots, quotedLots, type OrderState } from '../../core/orders/state.js';
import type { LogEvent } from '../../core/ports.js';
import { batchesOf, INVERSE, SPOT, type Happening } from '../support/market.js';
import { RandomStory, seeds } from '../support/random-story.js';

const INPUTS = 600;

interface Lived {
  readonly inputs: readonly Happening[];
  readonly engine: Engine;
  readonly told: readonly { readonly concluded: Concluded; readonly event: LogEvent }[];
}

/** Lives a story through, and looks at every open order after every input. */
function live(seed: number, look: (order: OrderState, at: string) => void): Lived {
  const inputs = new RandomStory(seed).inputs(INPUTS);
  const told: { concluded: Concluded; event: LogEvent }[] = [];
  const engine = new Engine((concluded) => told.push({ concluded, event: encodeOutcome(concluded) }));
  batchesOf(inputs, 1).forEach((batch, i) => {
    engine.fold(batch);
    for (const desk of engine.desks.values())
      for (const order of desk.orders.values()) look(order, `order ${order.orderId} after input ${i + 1}`);
  });
  return { inputs, engine, told };
}

const dataOf = ({ event }: Lived['told'][number]): Record<string, string> => event.data as Record<string, string>;
const sum = (texts: readonly (string | undefined)[]): string =>
  texts.reduce((total, text) => total.add(text ?? 0), new Decimal(0)).toFixed();

for (const seed of seeds(20))
  describe(`the orders of a random story (REPRISE_SEED=${seed})`, () => {
    const looks: [order: Readonly<OrderState>, at: string][] = [];
    let lived: Lived;
    before(() => {
      lived = live(seed, (order, at) => looks.push([structuredClone(order), at]));
    });

    it('never fill or risk more than their quantity, nor run ahead of their schedule', () => {
      for (const [order, at] of looks) {
        const executed = executedLots(order);
        const quoted = quotedLots(order);
        expect(executed + quoted, at).to.be.at.most(order.quantityLots);
        expect(order.filledLots, at).to.be.at.most(order.quantityLots);
        expect(order.reportedLots, at).to.be.at.most(order.filledLots);
        expect(order.filledLots, at).to.be.at.most(executed + quoted);
        for (const { leavesLots, openLots, ended } of order.children) {
          expect(leavesLots, at).to.be.at.most(openLots);
          if (ended) expect(leavesLots, at).to.equal(0);
        }
        const { plan, parameters } = order;
        if (plan === undefined || (order.status !== 'running' && order.status !== 'paused')) continue;
        const toCome = plan.sliceLots.slice(plan.next).reduce((total, lots) => total + lots, 0);
        expect(order.targetLots + toCome, at).to.be.at.most(order.quantityLots);
        if (takesSlices(parameters) && parameters.guaranteed !== true && parameters.afterWindow !== 'quote')
          expect(executed, at).to.be.at.most(order.targetLots);
      }
    });

    it('keep nothing in the book but while they run, once a cancel could be there', () => {
      for (const [order, at] of looks)
        if (order.status !== 'running')
          for (const { style, pullAt, openLots } of order.children)
            expect(style === 'take' || pullAt !== 0 || openLots === 0, at).to.equal(true);
    });

    it('leave an account of themselves without a gap', () => {
      const { told, engine } = lived;
      const revisions = new Map<string, number>();
      told.forEach(({ concluded: { n, stream, revision } }, i) => {
        expect(n).to.equal(i + 1);
        expect(revision, stream).to.equal(revisions.get(stream) ?? 0);
        revisions.set(stream, revision + 1);
      });
      expect(engine.n).to.equal(told.length);
      const times = told.map(({ event }) => event.at);
      expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    });

    it('account for every lot of every child', () => {
      const { told, engine } = lived;
      interface Child {
        readonly placed: string;
        readonly fills: string[];
        readonly givenUp: string[];
        readonly reported: string[];
        ended?: string;
      }
      const children = new Map<string, Child>();
      for (const each of told) {
        const { childId = '', quantity = '', filled = '', leaves = '' } = dataOf(each);
        const child = children.get(childId);
        switch (each.event.type) {
          case 'ChildPlaced':
            children.set(childId, { placed: quantity, fills: [], givenUp: [], reported: [] });
            break;
          case 'ChildFilled':
            child!.fills.push(quantity);
            break;
          case 'ChildCancelled':
          case 'ChildRejected':
          case 'ChildReduced':
            child!.givenUp.push(quantity);
            break;
          case 'ChildReported':
            child!.reported.push(filled);
            if (!('working' in dataOf(each))) child!.ended = leaves;
            break;
          default:
        }
      }
      const open = [...engine.desks.values()].flatMap(({ orders }) =>
        [...orders.values()].flatMap((order) => order.children.map(({ childId }) => childId)),
      );
      for (const [childId, { placed, fills, givenUp, reported, ended }] of children) {
        if (ended === undefined) expect(open, childId).to.include(childId);
        else {
          expect(sum(reported), childId).to.equal(sum(fills));
          expect(sum([...fills, ...givenUp]), childId).to.equal(placed);
        }
      }
    });

    it('release what they place, where each slice takes when it is due', () => {
      const others = new Set<string>();
      const sums = new Map<string, { released: string[]; placed: string[] }>();
      for (const each of lived.told) {
        const { orderId = '', quantity = '' } = dataOf(each);
        const { parameters } = each.event.data as unknown as { parameters?: TwapParameters };
        if (parameters !== undefined) {
          const { guaranteed, maxParticipation, afterWindow } = parameters;
          const plain = takesSlices(parameters) && guaranteed !== true && afterWindow !== 'quote';
          if (!plain || maxParticipation !== undefined) others.add(orderId);
        }
        const order = sums.get(orderId) ?? { released: [], placed: [] };
        sums.set(orderId, order);
        if (each.event.type === 'SliceReleased') order.released.push(quantity);
        if (each.event.type === 'ChildPlaced') order.placed.push(quantity);
      }
      let looked = 0;
      for (const [orderId, { released, placed }] of sums) {
        if (others.has(orderId)) continue;
        looked++;
        expect(sum(released), orderId).to.equal(sum(placed));
      }
      expect(looked).to.be.above(0);
    });

    it('come to what their fills come to, in the projections, on the desks and in the ledgers', () => {
      const { told, engine, inputs } = lived;
      const projections = new Projections();
      const orders = new Map<string, { parameters: TwapParameters; side?: string; filled: string[] }>();
      const cash = new Map<string, Decimal>();
      const pay = (account: string, currency: string, amount: Decimal | string): void => {
        const key = `${account} ${currency}`;
        cash.set(key, (cash.get(key) ?? new Decimal(0)).add(amount));
      };
      for (const each of told) {
        const { event } = each;
        projections.apply(event);
        const { orderId = '', quantity = '', price = '', fee = '' } = dataOf(each);
        const { parameters } = event.data as unknown as { parameters: TwapParameters };
        if (event.type === 'OrderAccepted') orders.set(orderId, { parameters, filled: [] });
        if (event.type === 'OrderAmended') orders.get(orderId)!.parameters = parameters;
        const { target } = event.data as unknown as { target?: { side: string } };
        if (target !== undefined) orders.get(orderId)!.side = target.side;
        if (event.type !== 'ChildFilled') continue;
        const order = orders.get(orderId)!;
        order.filled.push(quantity);
        const { account, instrument, side } = order.parameters;
        const sign = (side ?? order.side) === 'buy' ? 1 : -1;
        if (instrument === SPOT.instrument) {
          pay(account, SPOT.base, new Decimal(quantity).mul(sign));
          pay(account, SPOT.quote, new Decimal(quantity).mul(price).mul(-sign));
          pay(account, SPOT.settlement, new Decimal(fee).neg());
        } else pay(account, INVERSE.settlement, new Decimal(fee).neg());
      }
      for (const [orderId, { filled }] of orders) {
        expect(projections.orders.get(orderId)!.filled.toString(), orderId).to.equal(sum(filled));
        for (const { orders: open } of engine.desks.values()) {
          const order = open.get(orderId);
          if (order === undefined) continue;
          const projection = projections.orders.get(orderId)!;
          expect(projection.state, orderId).to.equal(order.status);
          expect(projection.childrenOpen, orderId).to.equal(order.children.length);
        }
      }
      // what came in from outside: balances at the opening of an account, by itself or by an input
      let settings: Readonly<Record<string, string>> = {};
      const opened = new Set<string>();
      const open = (account: string): void => {
        if (!opened.has(account))
          for (const [currency, amount] of Object.entries(settings)) pay(account, currency, amount);
        opened.add(account);
      };
      for (const input of inputs) {
        if (input.type === 'RunStarted') settings = input.data.settings.balances ?? {};
        const { account } = input.data as { account?: string };
        if (account !== undefined) open(account);
        if (input.type === 'AccountOpened')
          for (const [currency, amount] of Object.entries(input.data.balances ?? {}))
            pay(input.data.account, currency, amount);
      }
      for (const desk of engine.desks.values())
        for (const [currency, amount] of Object.entries(desk.ledger.content().cash))
          expect(amount, `${desk.account} ${currency}`).to.equal(cash.get(`${desk.account} ${currency}`)?.toFixed());
    });
  });
