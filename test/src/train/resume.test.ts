import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type Host, hostSymbol } from "../../../src/door.js";
import { InterruptedError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { memory } from "../../../src/runtime/index.js";
import { fit, history, type Observer, type RunEnd, resume, steps } from "../../../src/train/index.js";
import { network, numbers, options, points, watched } from "./small.js";

const notebook = globalThis as { [hostSymbol]?: Host | undefined };
afterEach(() => {
  notebook[hostSymbol] = undefined;
});

/** An observer that pulls the cord after the step with this number. */
function stopAfter(step: number): { observer: Observer; signal: AbortSignal; ends: RunEnd[] } {
  const controller = new AbortController();
  if (step === 0) controller.abort();
  const ends: RunEnd[] = [];
  const observer: Observer = {
    onStep: (record) => record.step === step && controller.abort(),
    onEnd: (end) => void ends.push(end),
  };
  return { observer, signal: controller.signal, ends };
}

test("a run goes on with the weights that it began with, or not at all", async () => {
  const net = network();
  for await (const { step } of steps(net, points(), options())) if (step === 3) break;
  nn.freeze(net, "layers.0");
  await assert.rejects(
    resume(net),
    /^ValueError: resume: expected the weights that the run began with, 4 to be trained, got layers\.0\.weight and 1 more frozen since\. Take that back with nn\.unfreeze, or begin a run with train\.fit/,
  );
  nn.unfreeze(net, "layers.0");
  assert.equal((await resume(net)).steps, 15);
});

test("interrupted after any step and resumed, a run ends as if it had never stopped, bit for bit, dropout included", async () => {
  const whole = network();
  await fit(whole, points(), options());
  const expected = history(whole);
  for (let step = 0; step < 15; step++) {
    const net = network();
    const { observer, signal, ends } = stopAfter(step);
    await assert.rejects(fit(net, points(), { ...options(), observers: [observer], signal }), (error) => {
      assert.ok(error instanceof InterruptedError);
      assert.match(
        error.message,
        new RegExp(`fit: expected 15 steps \\(3 epochs\\), got a stop after ${step} .*resume`),
      );
      return true;
    });
    assert.deepEqual(ends, [{ reason: "interrupted" }]);
    assert.equal(history(net).steps.length, step, "the history of what was done is kept");
    const run = await resume(net, { observers: [] });
    assert.deepEqual(numbers(net), numbers(whole), `stopped after step ${step}`);
    assert.deepEqual(history(net).steps.loss, expected.steps.loss);
    assert.deepEqual(history(net).steps.epoch, expected.steps.epoch);
    const plain = ({ loss, metrics, validation, epoch, step }: (typeof run.epochs)[number]) => ({
      loss,
      metrics,
      validation,
      epoch,
      step,
    });
    assert.deepEqual(run.epochs.map(plain), expected.epochs.map(plain));
    assert.deepEqual([run.steps, run.plan.firstStep, run.plan.lastStep], [15, step, 15]);
    await assert.rejects(resume(net), ValueError);
  }
});

test("a run may be stopped again and again, at every single step", async () => {
  const [whole, net] = [network(), network()];
  await fit(whole, points(), options());
  let cord = stopAfter(1);
  await assert.rejects(fit(net, points(), { ...options(), observers: [cord.observer], signal: cord.signal }));
  for (let step = 2; step < 15; step++) {
    cord = stopAfter(step);
    await assert.rejects(resume(net, { observers: [cord.observer], signal: cord.signal }), InterruptedError);
  }
  await resume(net, { observers: [] });
  assert.deepEqual(numbers(net), numbers(whole));
});

test("stopped in the middle of a validation, the epoch is validated anew and closed once", async () => {
  const [whole, net] = [network(), network()];
  await fit(whole, points(), options());
  const controller = new AbortController();
  const validate = points(7, 1);
  const cut = watched(validate, () => {
    controller.abort();
  });
  await assert.rejects(
    fit(net, points(), { ...options(), validate: cut, signal: controller.signal }),
    InterruptedError,
  );
  assert.deepEqual([history(net).steps.length, history(net).epochs.length], [5, 0]);
  await resume(net);
  assert.deepEqual(numbers(net), numbers(whole));
  assert.deepEqual(
    history(net).epochs.map((epoch) => epoch.validation),
    history(whole).epochs.map((epoch) => epoch.validation),
  );
});

test("leaving the loop over the steps rests the run, and resume takes it to its end", async () => {
  const [whole, net] = [network(), network()];
  await fit(whole, points(), options());
  const ends: RunEnd[] = [];
  const seen: number[] = [];
  const observers = [{ onEnd: (end: RunEnd) => void ends.push(end) }];
  for await (const step of steps(net, points(), { ...options(), observers })) {
    seen.push(step.step);
    if (step.step === 6) break;
  }
  assert.deepEqual(seen, [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(ends, [{ reason: "interrupted" }]);
  await resume(net);
  assert.deepEqual(numbers(net), numbers(whole));
  assert.deepEqual(ends, [{ reason: "interrupted" }, { reason: "finished" }]);
});

test("in a notebook, Stop ends the run, and every step and validation batch is made inside the shield", async () => {
  const stop = new AbortController();
  let shielded = 0;
  let inside = false;
  const host: Partial<Host> = {
    signal: stop.signal,
    shield: (work) => {
      shielded++;
      inside = true;
      const result = work();
      inside = false;
      return result;
    },
  };
  notebook[hostSymbol] = host as Host;
  const data = points();
  const outside: string[] = [];
  const seenData = watched(data, () => {
    if (!inside) outside.push("batch");
  });
  const net = network();
  const observers = [{ onStep: ({ step }: { step: number }) => step === 8 && stop.abort() }];
  await assert.rejects(fit(net, seenData, { ...options(), observers }), InterruptedError);
  assert.equal(history(net).steps.length, 8);
  assert.equal(shielded, 8 + 2, "8 steps, and the validation of the first epoch in 2 batches");
  assert.deepEqual(outside, []);
});

test("timers and messages get through while a run goes on", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await fit(network(), points(), { ...options(), epochs: 30 });
  clearInterval(timer);
  assert.ok(ticks >= 5, `${ticks} ticks`);
});

test("a second fit on a model takes it over, and the first says what happened", async () => {
  const net = network();
  const first = assert.rejects(
    fit(net, points(), options()),
    /fit: expected sequential to itself, got another run.*await/,
  );
  const second = await fit(net, points(), options());
  await first;
  assert.equal(second.steps, 15);
});

test("a run taken over after its last step says so, and leaves the newer one to be resumed", async () => {
  for (const late of ["in its loop", "in its validation"]) {
    const net = network();
    const ends: RunEnd[] = [];
    const observers = [{ onEnd: (end: RunEnd) => void ends.push(end) }];
    let newer: AsyncGenerator | undefined;
    const takeOver = () => {
      newer ??= steps(net, points(), options());
      return newer.next();
    };
    const validate = watched(points(7, 1), () => {
      if (late === "in its validation") void takeOver();
    });
    const first = steps(net, points(), { ...options(), epochs: 1, validate, observers });
    await assert.rejects(async () => {
      for await (const { step } of first) {
        if (step === 5 && late === "in its loop") await takeOver();
      }
    }, /fit: expected sequential to itself, got another run of it/);
    assert.deepEqual(
      ends.map(({ reason }) => reason),
      ["failed"],
    );
    await newer?.return(undefined);
    assert.equal(history(net).epochs.length, 0, "nothing is measured on weights that another run moves");
    assert.equal((await resume(net)).steps, 15, late);
  }
});

test("resume takes only the options it knows", async () => {
  const net = network();
  for await (const _ of steps(net, points(), options())) break;
  await assert.rejects(resume(net, { observer: [] } as object), {
    name: "ValueError",
    message: "resume: expected options observers, signal, got 'observer'. Did you mean 'observers'?",
  });
  assert.equal((await resume(net)).steps, 15);
});

test("there is nothing to resume before the first run", async () => {
  await assert.rejects(resume(network()), (error) => {
    assert.ok(error instanceof ValueError);
    assert.match(
      error.message,
      /resume: expected a run of sequential that is not finished, got no run yet. Train on with/,
    );
    return true;
  });
});

test("interrupted runs leave no tensor behind", async () => {
  const net = network();
  const chosen = options();
  const round = async () => {
    const { observer, signal } = stopAfter(history(net).steps.length + 4);
    await assert.rejects(fit(net, points(), { ...chosen, observers: [observer], signal }), InterruptedError);
    await resume(net, { observers: [] });
  };
  await round();
  const before = memory().tensors;
  await round();
  assert.equal(memory().tensors, before);
});
