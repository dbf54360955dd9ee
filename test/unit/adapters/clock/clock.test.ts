import { expect } from 'chai';
import { Alarm } from '../../../../adapters/clock/alarm.js';
import { manualClock } from '../../../../adapters/clock/manual-clock.js';
import { scaledClock } from '../../../../adapters/clock/scaled-clock.js';
import { precisely } from '../../../../adapters/clock/clock.js';
import { systemClock } from '../../../../adapters/clock/system-clock.js';
import { MICROS } from '../../../../core/time.js';

const never = new AbortController().signal;

describe('a manual clock', () => {
  it('wakes in the order of the instants, then of asking, and stands at each of them', async () => {
    const clock = manualClock(100);
    const woken: [string, number][] = [];
    for (const [name, at] of [
      ['c', 130],
      ['a', 110],
      ['b', 110],
      ['d', 131],
    ] as const)
      void clock.until(at, never).then(() => woken.push([name, clock.now()]));
    await clock.advance(130);
    expect(woken).to.deep.equal([
      ['a', 110],
      ['b', 110],
      ['c', 130],
    ]);
    expect([clock.now(), clock.waiting]).to.deep.equal([130, 1]);
  });

  it('meets waits that are set on the way', async () => {
    const clock = manualClock(0);
    const seen: number[] = [];
    void (async () => {
      for (let at = 10; at <= 50; at += 10) {
        await clock.until(at, never);
        seen.push(clock.now());
      }
    })();
    await clock.advance(45);
    expect(seen).to.deep.equal([10, 20, 30, 40]);
  });

  it('never runs backwards', async () => {
    const clock = manualClock(100);
    await clock.advance(50);
    expect(clock.now()).to.equal(100);
  });

  it('forgets a wait whose signal aborts', async () => {
    const clock = manualClock(0);
    const stopping = new AbortController();
    const wait = clock.until(10, stopping.signal);
    stopping.abort();
    await wait;
    await clock.until(10, stopping.signal);
    expect(clock.waiting).to.equal(0);
  });
});

describe('the system clock', () => {
  const machine = { wallTime: 1_700_000_000_000_000, steadyTime: 5_000 };
  const clock = systemClock({ wall: () => machine.wallTime, steady: () => machine.steadyTime });

  it('goes with the steady clock between the ticks of the wall', () => {
    expect(clock.now()).to.equal(1_700_000_000_000_000);
    machine.steadyTime += 7;
    expect(clock.now()).to.equal(1_700_000_000_000_007);
  });
  it('stays ahead when the wall clock is set back', () => {
    machine.wallTime -= MICROS.h;
    machine.steadyTime += 1;
    expect(clock.now()).to.equal(1_700_000_000_000_008);
  });
  it('follows the wall clock when that leaps ahead, as after a sleep', () => {
    machine.wallTime += 3 * MICROS.h;
    expect(clock.now()).to.equal(1_700_000_000_000_000 + 2 * MICROS.h);
    machine.steadyTime += 1;
    expect(clock.now()).to.equal(1_700_000_000_000_001 + 2 * MICROS.h);
  });
  it('tells the nanoseconds that it cuts off, to whoever asks', () => {
    const own = { wall: 1_700_000_000_000_000, steady: 5_000.25 };
    const precise = systemClock({ wall: () => own.wall, steady: () => own.steady });
    own.steady += 7.625;
    expect(precise.precisely!()).to.deep.equal({ at: own.wall + 7, nanos: 625 });
    expect(precise.now()).to.equal(own.wall + 7);
    own.steady += 0.5;
    expect(precise.precisely!()).to.deep.equal({ at: own.wall + 8, nanos: 125 });
    const { at, nanos } = systemClock().precisely!();
    expect([Number.isSafeInteger(at), nanos >= 0 && nanos < 1_000 && Number.isInteger(nanos)]).to.deep.equal([
      true,
      true,
    ]);
    expect(precisely(manualClock(7))).to.deep.equal({ at: 7, nanos: 0 });
  });
  it('tells the time of this machine, and is past an instant that it waited for', async () => {
    const real = systemClock();
    expect(real.now() / MICROS.ms).to.be.closeTo(Date.now(), 1_000);
    const at = real.now() + 1;
    await real.until(at, never);
    expect(real.now()).to.be.at.least(at);
  });
  it('gives up waiting when the signal aborts', async () => {
    const real = systemClock();
    const stopping = new AbortController();
    const wait = real.until(Infinity, stopping.signal);
    stopping.abort();
    await wait;
    await real.until(Infinity, stopping.signal);
  });
});

describe('a scaled clock', () => {
  it('begins where it is told and runs at its own pace', async () => {
    const base = manualClock(1_000);
    const clock = scaledClock({ startAt: 50, speed: 10, base });
    expect(clock.now()).to.equal(50);
    let woken: [number, number] | undefined;
    void clock.until(255, never).then(() => (woken = [base.now(), clock.now()]));
    await base.advance(1_020);
    expect([clock.now(), woken]).to.deep.equal([250, undefined]);
    await base.advance(1_030);
    expect(woken).to.deep.equal([1_021, 260]);
  });
  it('waits long enough where it runs slower than its base', async () => {
    const base = manualClock(0);
    const clock = scaledClock({ startAt: 0, speed: 0.3, base });
    let woken = -1;
    void clock.until(1, never).then(() => (woken = clock.now()));
    await base.advance(3);
    expect(woken).to.equal(-1);
    await base.advance(10);
    expect(woken).to.equal(1);
  });
  it('refuses to stand or to run backwards', () => {
    for (const speed of [0, -1, NaN, Infinity])
      expect(() => scaledClock({ startAt: 0, speed, base: manualClock(0) }), String(speed)).to.throw('above 0');
  });
});

describe('an alarm', () => {
  it('ends a wait early, and the next one when it rang before', async () => {
    const clock = manualClock(0);
    const alarm = new Alarm(clock);
    const wait = alarm.wait(100, never);
    alarm.ring();
    await wait;
    expect(clock.waiting).to.equal(0);
    alarm.ring();
    await alarm.wait(100, never);
    let over = false;
    void alarm.wait(100, never).then(() => (over = true));
    await clock.advance(99);
    expect(over).to.equal(false);
    await clock.advance(100);
    expect(over).to.equal(true);
  });
});
