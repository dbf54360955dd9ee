import type {
  AccountOpened,
  AnyOtherInput,
  FundsDeposited,
  RunSettings,
  RunStarted,
} from '../../../core/engine/inputs.js';
import type { AmendOrder, CancelOrder, Command, SubmitTwap } from '../../../core/orders/commands.js';
import { account, orderId, parameterFields, part, rulesOfFile, venueSettings } from './parts.js';
import {
  byName,
  count,
  fields,
  flag,
  givenDecimal,
  integer,
  listOf,
  maybe,
  pair,
  text,
  type Fields,
  type Schema,
} from './schema.js';
import type { Shape } from './shape.js';

const actor = maybe(text('Who asked, an opaque id. Users, passwords and keys are not in the log.'));
const balances = (description: string): Schema => byName(givenDecimal('Amount.'), 'currency', description);

const settings: Fields<RunSettings> = {
  venue: venueSettings,
  seed: integer('Of everything that is drawn by lot.'),
  rules: maybe(byName(rulesOfFile, 'instrument', "Rules from a file, which win over the feed's.")),
  balances: maybe(balances('What an account that opens itself begins with; absent: accounts have no limits.')),
};

const addressed: Fields<CancelOrder['data']> = { orderId, account, actor };
const command = (meaning: string): Shape => ({
  version: 1,
  meaning,
  stream: 'order-<order id>',
  data: fields<CancelOrder['data']>(addressed),
});

const COMMANDS: Readonly<Record<Command['type'], Shape>> = {
  SubmitTwap: {
    version: 1,
    meaning: 'An order comes in. `OrderAccepted` or `OrderRefused` answers it.',
    stream: 'order-<order id>',
    data: fields<SubmitTwap['data']>({ orderId, actor, ...parameterFields }),
  },
  AmendOrder: {
    version: 1,
    meaning:
      'An order is to be changed. `OrderAmended` or `CommandRefused` answers it; nothing does where nothing changes.',
    stream: 'order-<order id>',
    data: fields<AmendOrder['data']>({
      ...addressed,
      changes: part('Changes', 'What is to be other than it is.'),
    }),
  },
  StartOrder: command('An order that is new or stopped is to start.'),
  PauseOrder: command('A running order is to pause: its clock stands still.'),
  ResumeOrder: command('A paused order is to go on.'),
  StopOrder: command('An order is to stop.'),
  CancelOrder: command('An order is to end.'),
};

/** What people ask for, the clock, and when an engine started. */
export const OTHER_INPUTS: Readonly<Record<AnyOtherInput['type'], Shape>> = {
  RunStarted: {
    version: 1,
    meaning:
      'An engine starts, and an epoch with it. No feed is trusted from one second after the input before it until its next snapshot.',
    stream: 'runs',
    data: fields<RunStarted['data']>({
      engineVersion: text('Of the engine that concludes what follows.'),
      settings: fields<RunSettings>(settings, 'What holds for the whole run.'),
      live: flag('The log is written as it happens, so that a hole of time in it means that the engine was dead.'),
      firstSeq: count('The seq of this very event.', 1),
      firstN: maybe(count('Ordinal of the first outcome that this run concludes.', 1)),
      lost: maybe(
        listOf(
          pair(count('First seq.', 1), count('Last seq.', 1), '`[from, to]`', 'Both are lost, and all between.'),
          'Seqs before this one that are no part of the order: a run that died gave them out and stored none or not all of them. Leave out what stands under them.',
        ),
      ),
    }),
  },
  ClockTicked: {
    version: 1,
    meaning: "The engine's time moves on to `at`. It says nothing else.",
    stream: 'clock-<yyyymmddhh>',
    data: fields({}),
  },
  AccountOpened: {
    version: 1,
    meaning: 'An account begins.',
    stream: 'account-<account>',
    data: fields<AccountOpened['data']>({
      account,
      balances: maybe(balances('What it holds at first; absent: it has no limits.')),
    }),
  },
  FundsDeposited: {
    version: 1,
    meaning: 'An account is given funds.',
    stream: 'account-<account>',
    data: fields<FundsDeposited['data']>({ account, currency: text('Of the amount.'), amount: givenDecimal('Added.') }),
  },
  ...COMMANDS,
};
