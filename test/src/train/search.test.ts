import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { displaySymbol } from "../../../src/door.js";
import { ValueError } from "../../../src/errors.js";
import { nn, optim, train } from "../../../src/index.js";
import { evaluate, fit, SearchInterruptedError, search, type Trial } from "../../../src/train/index.js";
import { rendered } from "../display/bundles.js";
import { points } from "./small.js";

const space = { rate: search.logUniform(1e-4, 1e-1), width: search.choice([32, 64]), layers: search.integer(1, 3) };

test("random search tries points of the space, the same for the same seed", async () => {
  const tried = async (seed: number, more = {}) => {
    const result = await search({ space: { ...space, ...more }, trials: 60, seed }, ({ rate }) =>
      Math.abs(Math.log(rate / 0.01)),
    );
    return [...result.rows].sort((a, b) => a.trial - b.trial).map(({ params }) => params);
  };
  const first = await tried(1);
  assert.deepEqual(await tried(1), first);
  assert.notDeepEqual(await tried(2), first);
  const more = await tried(1, { dropout: search.uniform(0, 1) });
  assert.deepEqual(
    more.map(({ rate, width, layers }) => ({ rate, width, layers })),
    first,
    "one parameter more changes nothing of the others",
  );
  assert.ok(first.every(({ rate }) => rate >= 1e-4 && rate <= 1e-1));
  const below = first.filter(({ rate }) => rate < 10 ** -2.5).length;
  assert.ok(below > 18 && below < 42, `${below} of 60 rates below the geometric middle`);
  assert.deepEqual([...new Set(first.map(({ width }) => width))].sort(), [32, 64]);
  assert.deepEqual([...new Set(first.map(({ layers }) => layers))].sort(), [1, 2, 3]);
});

test("the rows are sorted by score, the best first, and failures last with their error", async () => {
  const result = await search({ space, trials: 10, better: "higher" }, ({ rate }, { trial }) => {
    if (trial === 3) throw new Error("no such width");
    if (trial === 5) return Number.NaN;
    if (trial === 6) return undefined as never;
    return rate;
  });
  const scores = result.rows.slice(0, 7).map(({ score }) => score!);
  assert.deepEqual(
    scores,
    [...scores].sort((a, b) => b - a),
  );
  assert.deepEqual(
    result.failed.map(({ trial, error }) => [trial, error!.message]),
    [
      [3, "no such width"],
      [
        5,
        "search: expected a number from the trial, got NaN. Return what is to be made small or large, e.g. the validation loss.",
      ],
      [
        6,
        "search: expected a number from the trial, got undefined. Return what is to be made small or large, e.g. the validation loss.",
      ],
    ],
  );
  assert.equal(result.best, result.rows[0]);
  assert.match(inspect(result), /^10 trials, 3 failed · best [\d.]+ with rate [\d.]+, width \d+, layers \d$/);
  const none = await search({ space, trials: 2 }, () => {
    throw new Error("broken");
  });
  assert.equal(none.best, undefined);
});

test("a grid has all combinations, from end to end of each range", async () => {
  const seen: object[] = [];
  await search({ space, strategy: "grid", points: 4 }, (params) => seen.push(params));
  const expected = [1e-4, 1e-3, 1e-2, 1e-1].flatMap((rate) =>
    [32, 64].flatMap((width) => [1, 2, 3].map((layers) => [rate, width, layers])),
  );
  assert.equal(seen.length, 24);
  (seen as { rate: number; width: number; layers: number }[]).forEach(({ rate, width, layers }, index) => {
    const [r, w, l] = expected[index]!;
    assert.ok(Math.abs(rate / r! - 1) < 1e-12 && width === w && layers === l, JSON.stringify(seen[index]));
  });
});

test("successive halving gives the numbers of Hyperband's table (arXiv 1603.06560), and the best the largest budgets", async () => {
  // The brackets of R = 81, η = 3: (points, budget) a round.
  for (const [trials, budget, rounds] of [
    [81, 1, "81×1 27×3 9×9 3×27 1×81"],
    [34, 3, "34×3 11×9 3×27 1×81"],
    [15, 9, "15×9 5×27 1×81"],
    [8, 27, "8×27 2×81"],
    [5, 81, "5×81 1×243"],
  ] as const) {
    const asked: Trial[] = [];
    const result = await search(
      { space: { x: search.uniform(0, 1) }, strategy: "halving", trials, budget },
      ({ x }, trial) => {
        asked.push(trial);
        trial.memory.set("budgets", [...((trial.memory.get("budgets") as number[]) ?? []), trial.budget]);
        return x;
      },
    );
    const counts = new Map<number, number>();
    for (const trial of asked) counts.set(trial.budget, (counts.get(trial.budget) ?? 0) + 1);
    assert.equal([...counts].map(([size, count]) => `${count}×${size}`).join(" "), rounds);
    const least = Math.min(...result.rows.map(({ params }) => params.x));
    assert.equal(result.best!.params.x, least, "what is best in every round wins");
    assert.equal(result.best!.budget, Math.max(...counts.keys()));
    const winner = asked.filter(({ trial }) => trial === result.best!.trial);
    assert.deepEqual(winner.at(-1)!.memory.get("budgets"), [...counts.keys()]);
    assert.deepEqual(
      winner.map(({ spent }) => spent),
      [0, ...[...counts.keys()].slice(0, -1)],
    );
    const budgets = result.rows.map((row) => row.budget);
    assert.deepEqual(
      budgets,
      [...budgets].sort((a, b) => b - a),
    );
  }
});

test("a failure does not go on to the next round", async () => {
  const asked: number[] = [];
  const result = await search(
    { space: { x: search.uniform(0, 1) }, strategy: "halving", trials: 9 },
    ({ x }, { trial }) => {
      asked.push(trial);
      if (trial === 2) throw new Error("no");
      return x;
    },
  );
  assert.deepEqual([asked.filter((trial) => trial === 2).length, asked.length], [1, 9 + 3 + 1]);
  assert.equal(result.rows.at(-1)!.trial, 2);
});

test("Stop keeps what was found", async () => {
  const controller = new AbortController();
  const going = search({ space, trials: 10, signal: controller.signal }, ({ rate }, { trial }) => {
    if (trial === 4) controller.abort();
    return rate;
  });
  await assert.rejects(going, (error) => {
    assert.ok(error instanceof SearchInterruptedError);
    assert.equal(error.result.rows.length, 4);
    assert.equal(search.last, error.result);
    return true;
  });
  const inside = new AbortController();
  const training = search({ space, trials: 5, signal: inside.signal }, async (_, { trial, signal }) => {
    if (trial === 2) inside.abort();
    const net = nn.sequential(nn.input(2), nn.dense(3));
    const chosen = { loss: "crossEntropy", optimizer: "sgd", quiet: true } as const;
    await fit(net, points(), { ...chosen, ...(signal !== undefined && { signal }) });
    return 1;
  });
  await assert.rejects(training, (error) => error instanceof SearchInterruptedError && error.result.rows.length === 1);
});

test("a search over real runs finds a rate that learns, and is shown as a table", async () => {
  const result = await train.search(
    { space: { rate: train.search.choice([0, 0.05]) }, strategy: "grid" },
    async ({ rate }, { seed }) => {
      nn.seed(seed);
      const net = nn.sequential(nn.input(2), nn.dense(8), nn.relu(), nn.dense(3));
      await train.fit(net, points(), { loss: "crossEntropy", optimizer: optim.adam(rate), epochs: 10, quiet: true });
      return (await evaluate(net, points())).loss;
    },
  );
  assert.equal(result.best!.params.rate, 0.05);
  assert.ok(displaySymbol in result);
  const { data } = await rendered(result as never);
  const lines = (data["text/plain"] as string).split("\n");
  assert.match(lines[0]!, /^search: 2 trials · best [\d.]+ with rate 0.05, lower scores are better$/);
  assert.match(lines[2]!, /^trial\s+rate\s+score\s+time$/);
  assert.match(lines[4]!, /^2\s+0\.0500\s+[\d.]+\s+[\d.]+ s$/);
  assert.equal((data["text/html"] as string).match(/<tr>/g)?.length, 3);
});

test("the table has the errors of failures as text, never as markup", async () => {
  const failing = await train.search({ space, trials: 1 }, () => {
    throw new Error("<b>bold</b>\nmistake");
  });
  const { data } = await rendered(failing as never);
  assert.match(data["text/html"] as string, /&lt;b&gt;bold&lt;\/b&gt; mistake/);
});

test("searches that make no sense are refused at once", async () => {
  const score = () => 1;
  const cases: readonly (readonly [() => unknown, RegExp])[] = [
    [() => search({ space, strateg: "grid" } as never, score), /Did you mean 'strategy'/],
    [() => search({ space, strategy: "gird" as never }, score), /search: strategy: .*got "gird"\. Did you mean 'grid'/],
    [() => search({ space: {} }, score), /search: space: expected parameters by name/],
    [
      () => search({ space: { rate: [1, 2] as never } }, score),
      /search: space: rate: expected a range or a choice, got \[1, 2\]/,
    ],
    [() => search({ space, trials: 0 }, score), /search: trials: expected a whole number above 0/],
    [
      () => search({ space, strategy: "grid", trials: 3 }, score),
      /search: trials: expected none for strategy "grid".*`points`/,
    ],
    [() => search({ space, points: 3 }, score), /search: points: expected none for strategy "random"/],
    [() => search({ space, budget: 3 }, score), /search: budget: expected none .*It is for "halving"/],
    [() => search({ space, strategy: "halving", factor: 1 }, score), /search: factor: expected a number from 2/],
    [() => search({ space, better: "less" as never }, score), /search: better: /],
    [() => search({ space, seed: -1 }, score), /search: seed: /],
    [() => search({ space }, undefined as never), /expected a function that makes a trial and returns its score/],
    [async () => search.logUniform(0, 1), /logUniform: expected numbers above 0, got 0/],
    [async () => search.uniform(2, 1), /uniform: expected two numbers, the smaller first, got 2 and 1/],
    [async () => search.integer(1, 2.5), /integer: expected whole numbers, got 2.5/],
    [async () => search.choice([]), /choice: expected a list of values, got \[\]/],
  ];
  for (const [work, words] of cases) {
    await assert.rejects(
      async () => work(),
      (error: Error) => {
        assert.ok(error instanceof ValueError, String(error));
        assert.match(error.message, words);
        return true;
      },
    );
  }
});

test("parameters have the types of their ranges", () => {
  const check = () =>
    search({ space }, ({ rate, width }) => {
      const one: number = rate;
      const two: 32 | 64 = width;
      // @ts-expect-error there is no such parameter
      return one + two + width.depth;
    });
  assert.equal(typeof check, "function");
});
