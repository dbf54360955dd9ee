import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ENGINE_VERSION } from '../../core/version.js';
import type { BacktestFlags } from './commands/backtest.js';
import type { ExportFlags } from './commands/export.js';
import type { GenerateFlags } from './commands/generate.js';
import type { ImportFlags } from './commands/import.js';
import type { InspectFlags } from './commands/inspect.js';
import type { LogCopyFlags, LogFlags, LogReadFlags, LogStreamsFlags } from './commands/log.js';
import type { LogRetainFlags } from './commands/log-retain.js';
import type { RecordFlags } from './commands/record.js';
import type { ReplayFlags } from './commands/replay.js';
import type { ServeFlags } from './commands/serve.js';
import type { ServeVenueFlags } from './commands/serve-venue.js';
import type { ReportFlags } from './commands/report.js';
import type { SweepFlags } from './commands/sweep.js';
import type { VerifyFlags } from './commands/verify.js';
import { Exit, judged } from './failures.js';
import { processTerminal, type Terminal } from './terminal.js';

/** docs/import.md says what each is; a test holds this to what there is. */
const FORMAT_NAMES =
  'raw, collector, capture, bare, bitstamp-log, binance-us-csv, bitmex-depth10, tardis, binance-tdepth';

const MARKET_HELP =
  'VENUE:SYMBOL of a live venue (binance:BTCUSDT, kraken:BTC/USD), sample, or session:PATH[@SPEED|@step]; may be repeated';
const SILENCE_HELP = "time without a message after which a connection is dead (default: the venue's)";

/** Runs a command line and sets the process's exit code. Prints one sentence for an error, a stack only with `--debug`. */
export async function main(args: readonly string[]): Promise<void> {
  const terminal = processTerminal();
  const program = commands(terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = tell(error, args.includes('--debug'), terminal);
  }
}

function tell(error: unknown, debug: boolean, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return Exit.done; // help and version were asked for
    return Exit.wrongRequest; // commander has said what is wrong
  }
  const { code, message } = judged(error);
  terminal.say(`reprise: ${message}`);
  if (debug && error instanceof Error && error.stack !== undefined) terminal.say(error.stack);
  return code;
}

function commands(terminal: Terminal): Command {
  const program = new Command('reprise')
    .description('An event-sourced simulation engine for TWAP execution on crypto venues')
    .version(ENGINE_VERSION)
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text.replace(/^error: /, 'reprise: ')) })
    .showHelpAfterError('(add --help to see what a command takes)');

  const command = (name: string, description: string): Command =>
    program.command(name).description(description).option('--debug', 'print the stack of an error').exitOverride();
  const json = (on: Command): Command => on.option('--json', 'print exactly one JSON document on stdout');
  const out = (on: Command): Command =>
    on
      .requiredOption('--out <session>', 'folder to write, which must not be there')
      .option('--force', 'replace what is there');
  const venue = (on: Command): Command =>
    on
      .option(
        '--assume <assumption>',
        'what cannot be seen of a venue: optimistic, expected or pessimistic (default: expected)',
      )
      .option('--latency <duration>', 'one way, decision to effect (default: 10ms)')
      .option('--fees <maker,taker>', "fractions of notional (default: the venue's public base tier)")
      .option('--take-slack <ticks>', 'ticks a take may go beyond its own walk (default: 0)')
      .option('--allow-partial-book', 'trade in a book that began without a snapshot')
      .option('--rules <file>', 'instrument rules that win over all others')
      .option('--seed <number>', 'seed of every draw (default: 1)')
      .option('--config <file>', 'settings file; flags win over it');

  venue(command('serve', 'runs the live paper-trading server'))
    .option('--market <spec>', `${MARKET_HELP} (default: sample)`, collect, [])
    .option('--max-silence <duration>', SILENCE_HELP)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on, 0 for any free one', wholeNumber, 8080)
    .option('--data <dir>', 'folder of the log', './data')
    .option('--log <store>', 'where the log is kept: embedded (in the data folder, the default), or esdb://…')
    .option('--name <name>', 'what the streams of the log begin with (default: reprise)')
    .option('--keep-market <duration>', 'how long market data is kept', '7d')
    .option('--paper-balance <amount>', 'what a paper account holds of every currency', '1000000')
    .action(async (flags: ServeFlags) => (await import('./commands/serve.js')).serve(flags, terminal));

  command('serve-venue <recording...>', "serves a session or a capture in a venue's own protocol")
    .requiredOption('--as <venue>', 'the venue to speak as')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on, 0 for any free one', wholeNumber, 0)
    .option('--speed <number>', "the recording's time to real time; 0 plays step by step", '1')
    .option(
      '--wait-for <who>',
      'plays once the first client, clients of all instruments, or nobody has subscribed',
      'first',
    )
    .option('--at-end <what>', 'end, loop or stay', 'end')
    .option('--fault <faults>', 'such as drop@100,disconnect@500; may be repeated', collect, [])
    .option('--fault-seed <number>', 'draws faults without end', wholeNumber)
    .option('--rest-latency <duration>', 'from a request to its answer (default: none)')
    .option('--format <name>', 'format of a capture, told from its content by default', 'auto')
    .option('--venue <venue>', 'of a capture, where its content cannot tell it')
    .action(async (recordings: string[], flags: ServeVenueFlags) =>
      (await import('./commands/serve-venue.js')).serveVenue(recordings, flags, terminal),
    );

  json(out(command('record', 'records live markets into a session, until Ctrl-C')))
    .requiredOption('--market <spec>', MARKET_HELP, collect)
    .option('--duration <duration>', "how long, in the market's time, such as 10m (default: until Ctrl-C)")
    .option('--rotate <duration>', 'begin a new session after this time: SESSION-0001, SESSION-0002, …')
    .option('--rotate-size <size>', 'begin a new session after so many bytes, such as 1GiB')
    .option('--max-silence <duration>', SILENCE_HELP)
    .option('--rules <file>', 'instrument rules that win over all others')
    .option('--seed <number>', 'of the sample market', wholeNumber, 1)
    .option('--config <file>', 'settings file; of it only "venues" counts here')
    .action(async (flags: RecordFlags) => (await import('./commands/record.js')).recordMarkets(flags, terminal));

  json(out(command('import <file...>', 'makes a session of foreign recordings')))
    .option('--format <name>', `${FORMAT_NAMES}; told from the content by default`, 'auto')
    .option('--venue <venue>', 'where the content cannot tell it')
    .option('--max-silence <duration>', 'time without a line after which a feed counts as silent', '5s')
    .option('--rules <file>', 'instrument rules that win over all others')
    .option('--from-raw', 'the files are sessions of `record`: make one anew from their raw frames')
    .option('--recover', 'the file is a folder that a recorder left when it was killed')
    .action(async (files: string[], flags: ImportFlags) =>
      (await import('./commands/import.js')).importFiles(files, flags, terminal),
    );

  json(out(command('generate', 'makes a session of the sample market')))
    .requiredOption('--seed <number>', 'seed of the market', wholeNumber)
    .requiredOption('--duration <duration>', 'length of the session, such as 1h')
    .option('--start <time>', 'when it begins', '2024-01-01T00:00:00Z')
    .option('--instrument <instrument>', 'instrument of the sample market; may be repeated (default: all)', collect, [])
    .action(async (flags: GenerateFlags) => (await import('./commands/generate.js')).generate(flags, terminal));

  json(command('inspect <session>', 'tells what is in a session: counts, gaps, books'))
    .option('--at <time>', 'counts and books as of this receive time or seq, inclusive')
    .option('--sweep <quantity>', 'what taking this quantity from each book would cost')
    .action(async (session: string, flags: InspectFlags) =>
      (await import('./commands/inspect.js')).inspectSession(session, flags, terminal),
    );

  venue(json(command('replay [session]', 'runs the engine over a session, or one order of the past again')))
    .option('--orders <file>', "orders and commands to run instead of the session's own")
    .option('--amend <file>', 'an order of the past, and the parameters to run it again with')
    .option('--data <data>', 'with --amend: the log of the order, a data folder or a store')
    .option('--name <name>', 'of that log: what its streams begin with (default: reprise)')
    .option('--out <session>', 'folder to write the run to, which must not be there')
    .option('--force', 'replace what is there')
    .action(async (session: string | undefined, flags: ReplayFlags) =>
      (await import('./commands/replay.js')).replaySession(session, flags, terminal),
    );

  const results = (on: Command): Command =>
    on.option('--out <dir>', 'folder to write results to').option('--force', 'replace results that are there');

  results(venue(json(command('backtest <session...>', 'tells what orders would have done and cost'))))
    .requiredOption('--orders <file>', 'orders, and commands to them: each order is alone on a desk of its own')
    .action(async (sessions: string[], flags: BacktestFlags) =>
      (await import('./commands/backtest.js')).backtestOrders(sessions, flags, terminal),
    );

  results(venue(json(command('sweep <session...>', 'runs thousands of parameter sets over sessions'))))
    .requiredOption('--grid <file>', 'what to try: parameters, starts, settings of the venue')
    .option('--test <session>', 'session kept for the test; may be repeated', collect)
    .option('--objective <cost>', 'the cost that ranks (default: costAllIn)')
    .option('--cut <what>', "windows that run past the session's end: skip or count (default: skip)")
    .option('--workers <number>', 'worker threads (default: one for each core)', wholeNumber)
    .action(async (sessions: string[], flags: SweepFlags) =>
      (await import('./commands/sweep.js')).sweepSessions(sessions, flags, terminal),
    );

  json(command('report <dir>', 'tells what a sweep found, in short or as a page'))
    .option('--html <file>', 'a page of its own to write, which needs no network')
    .option('--force', 'replace a page that is there')
    .action(async (dir: string, flags: ReportFlags) =>
      (await import('./commands/report.js')).report(dir, flags, terminal),
    );

  json(command('verify <session-or-data>', 'runs a session, a log or results again and compares'))
    .option('--strict', 'a run of another engine version is a difference')
    .option('--sample <number>', 'of results: desks that are run again (default: 20)', wholeNumber)
    .option('--seed <number>', 'of results: draws these desks (default: 1)', wholeNumber)
    .option('--name <name>', 'of a log: what its streams begin with (default: reprise)')
    .action(async (path: string, flags: VerifyFlags) =>
      (await import('./commands/verify.js')).verify(path, flags, terminal),
    );

  json(out(command('export', 'cuts a session out of a log')))
    .requiredOption('--data <data>', 'data folder, or the address of a store, esdb://…')
    .option('--name <name>', 'what the streams of the log begin with (default: reprise)')
    .option('--from <time>', 'first instant or seq (default: the beginning)')
    .option('--to <time>', 'last instant or seq, inclusive (default: the end)')
    .action(async (flags: ExportFlags) => (await import('./commands/export.js')).exportLog(flags, terminal));

  const log = program.command('log').description('looks into a log, and drops what is old').exitOverride();
  const logCommand = (name: string, description: string): Command =>
    json(log.command(name).description(description).option('--debug', 'print the stack of an error').exitOverride())
      .option('--data <data>', 'data folder, or the address of a store, esdb://…', './data')
      .option('--name <name>', 'what the streams of the log begin with (default: reprise)');
  logCommand('streams', 'lists the streams of a log')
    .option('--prefix <text>', 'only streams whose name begins so')
    .action(async (flags: LogStreamsFlags) => (await import('./commands/log.js')).logStreams(flags, terminal));
  logCommand('read [stream]', 'prints events, one JSON object a line')
    .option('--from <seq>', 'first seq, or with a stream the first revision', wholeNumber)
    .option('--limit <count>', 'events at the most', wholeNumber)
    .action(async (stream: string | undefined, flags: LogReadFlags) =>
      (await import('./commands/log.js')).logRead(stream, flags, terminal),
    );
  logCommand('check', 'reads all that is stored and names each damage').action(async (flags: LogFlags) =>
    (await import('./commands/log.js')).logCheck(flags, terminal),
  );
  logCommand('retain', 'shows which market data, ticks and checkpoints are old and may go, and drops them')
    .requiredOption('--older-than <duration>', "how far back from the log's last instant, such as 30d")
    .option('--yes', 'drop them')
    .action(async (flags: LogRetainFlags) => (await import('./commands/log-retain.js')).logRetain(flags, terminal));
  json(
    log.command('copy <from> <to>').description('copies a log into another store, and goes on where it was broken off'),
  )
    .option('--debug', 'print the stack of an error')
    .exitOverride()
    .option('--name <name>', 'what the streams of the log begin with (default: reprise)')
    .option('--to-name <name>', 'what they begin with in the copy (default: the same)')
    .action(async (from: string, to: string, flags: LogCopyFlags) =>
      (await import('./commands/log.js')).logCopy(from, to, flags, terminal),
    );
  return program;
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function wholeNumber(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Write a whole number, 0 or more.');
}
