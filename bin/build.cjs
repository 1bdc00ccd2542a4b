// Compiles the project when its sources are newer than the last compile. Plain old JavaScript on purpose: it must run,
// and say what is wrong, on a Node that is too old for the rest.
"use strict";
var version = process.versions.node.split(".").map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 12)) {
  console.error(
    "nabla: expected Node 20.12 or newer, got " + process.version + ". Install it (https://nodejs.org) and try again.",
  );
  process.exit(1);
}
var path = require("node:path");
var fs = require("node:fs");
var child = require("node:child_process");
var root = path.dirname(__dirname);

function compile() {
  var tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
  if (!fs.existsSync(tsc)) {
    console.error("nabla: the packages are not installed. Run `npm ci` first.");
    process.exit(1);
  }
  var result = child.spawnSync(process.execPath, [tsc, "-b", root], { stdio: "inherit" });
  if (result.status !== 0) process.exit(result.status || 1);
}

compile();
