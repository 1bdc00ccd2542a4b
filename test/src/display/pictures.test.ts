import assert from "node:assert/strict";
import { test } from "node:test";
import { pictures } from "../../../src/display/pictures.js";

const size = { width: 300, height: 200, alt: "" };

test("a drawing that takes too long is given up, and the next one is drawn again", async () => {
  await pictures({ data: [], layout: {}, ...size });
  // Far more bars than can be drawn in the time given.
  const count = 400_000;
  const endless = { type: "bar", y: Array.from({ length: count }, (_, index) => index) };
  const given = await pictures({ data: [endless], layout: {}, ...size }, 1500);
  assert.ok("problem" in given, "no pictures");
  assert.match(given.problem, /took more than 1\.5 s/);
  const after = await pictures({ data: [{ type: "bar", y: [1, 2] }], layout: {}, ...size });
  assert.ok("svg" in after, "problem" in after ? after.problem : "");
});

test("an answer that waited while the main thread was busy is not mistaken for a time-out", async () => {
  await pictures({ data: [], layout: {}, ...size });
  const drawn = pictures({ data: [{ type: "bar", y: [1, 2] }], layout: {}, ...size }, 2000);
  const until = performance.now() + 3000;
  while (performance.now() < until);
  assert.ok("svg" in (await drawn));
});

test("figures asked for at once are all drawn, each its own", async () => {
  const titles = ["one", "two", "three"];
  const all = await Promise.all(titles.map((text) => pictures({ data: [], layout: { title: { text } }, ...size })));
  for (const [index, each] of all.entries()) assert.ok("svg" in each && each.svg.includes(`>${titles[index]}</text>`));
});

test("data far outside of the axes, clipped and translucent, is drawn as nothing", async () => {
  const layout = { xaxis: { range: [0, 4] }, yaxis: { range: [0, 1] } };
  for (const opacity of [1, 0.5]) {
    const drawn = await pictures({ data: [{ type: "scatter", y: [1000, 2000], opacity }], layout, ...size });
    assert.ok("png" in drawn, "problem" in drawn ? drawn.problem : "");
  }
});

test("a figure that ends what draws it costs a picture, not the process, and the next one is drawn", async () => {
  // resvg 0.45 aborts: each marker is a translucent thing that lies outside of everything.
  const far = { type: "scatter", mode: "markers", y: [1000, 2000], marker: { opacity: 0.5 } };
  const lost = await pictures({ data: [far], layout: { yaxis: { range: [0, 1] } }, ...size });
  if ("problem" in lost) assert.match(lost.problem, /the drawing process ended \(SIG\w+\)/);
  const after = await pictures({ data: [{ type: "bar", y: [1, 2] }], layout: {}, ...size });
  assert.ok("png" in after, "problem" in after ? after.problem : "");
});
