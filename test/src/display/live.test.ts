import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { figure, plotlyMime } from "../../../src/display/figure.js";
import { liveFigure } from "../../../src/display/live.js";
import { inNotebook, plotOf, sizeOf } from "./bundles.js";

/** A scene that counts how often it was drawn. */
function counter() {
  const scene = {
    value: 0,
    drawn: 0,
    figure() {
      scene.drawn++;
      return figure({ data: [{ type: "bar", y: [scene.value] }], alt: "", text: `at ${scene.value}` });
    },
    line: () => `at ${scene.value}`,
  };
  return scene;
}

test("ten thousand changes in a busy loop become a few updates of one output, then one with all four parts", async () => {
  await inNotebook(async (shown) => {
    const scene = counter();
    const live = liveFigure(scene);
    const start = performance.now();
    for (scene.value = 1; performance.now() - start < 700; scene.value++) live.changed();
    const during = shown.length;
    const allowed = Math.ceil((performance.now() - start) / 125) + 1;
    assert.ok(during >= 2 && during <= allowed, `${during} messages, at most ${allowed}`);
    await live.finish();
    assert.equal(shown[0]?.kind, "display");
    assert.ok(shown.slice(1).every(({ kind, id }) => kind === "update" && id === shown[0]?.id));
    for (const { rendered } of shown.slice(0, -1)) {
      assert.deepEqual(Object.keys(rendered.data).sort(), [plotlyMime, "text/plain"].sort());
    }
    const last = shown.at(-1)?.rendered;
    assert.deepEqual(
      Object.keys(last?.data ?? {}).sort(),
      [plotlyMime, "image/png", "image/svg+xml", "text/plain"].sort(),
    );
    assert.deepEqual(last && plotOf(last).data[0]?.y, [scene.value]);
  });
});

test("a change that came too early is sent a little later, once, as it then is", async () => {
  await inNotebook(async (shown) => {
    const scene = counter();
    const live = liveFigure(scene);
    for (let change = 1; change <= 3; change++) {
      scene.value = change;
      live.changed();
    }
    scene.value = 4;
    assert.equal(scene.drawn, 1);
    // The library lets a process end while only this update waits: here something else keeps it.
    await pause(300);
    assert.equal(shown.length, 2);
    assert.equal(shown[1]?.rendered.data["text/plain"], "at 4");
    await live.finish(0);
  });
});

test("an ending that cannot wait for the pictures has sent its last state, and the pictures follow", async () => {
  await inNotebook(async (shown) => {
    const scene = counter();
    const live = liveFigure(scene);
    live.changed();
    scene.value = 7;
    await live.finish(0);
    assert.equal(shown.at(-1)?.rendered.data["text/plain"], "at 7");
    for (let tries = 0; tries < 200 && shown.at(-1)?.rendered.data["image/png"] === undefined; tries++)
      await pause(100);
    assert.ok(sizeOf(shown.at(-1)?.rendered.data["image/png"]) > 1000);
  });
});

test("without a notebook the scene is told in lines: rewritten in a terminal, few in a log, the last one always", async () => {
  for (const isTTY of [true, false]) {
    const written: string[] = [];
    const scene = counter();
    const live = liveFigure(scene, { isTTY, columns: 40, write: (text) => written.push(text) });
    for (scene.value = 1; scene.value < 1000; scene.value++) live.changed();
    await live.finish();
    assert.ok(written.length <= 3, `${written.length} writes`);
    assert.ok(written.at(-1)?.endsWith("at 1000\n"));
    assert.equal(written.at(-1)?.includes("\r"), isTTY);
  }
});
