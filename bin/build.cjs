// Compiles the project when its sources changed since the last compile. Plain old JavaScript on purpose: it must run, and
// say what is wrong, on a Node that is too old for the rest.
"use strict";
var version = process.versions.node.split(".").map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 12)) {
  console.error(
    "nabla: expected Node 20.12 or newer, got " +
      process.version +
      ". Install it from https://nodejs.org and try again.",
  );
  process.exit(1);
}
var child = require("node:child_process");
var crypto = require("node:crypto");
var fs = require("node:fs");
var path = require("node:path");
var root = path.dirname(__dirname);
var dist = path.join(root, "dist");
var stampFile = path.join(dist, "built.json");
var rooms = ["src", "kernel", "setup", "test", "bench"];
var tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");

/** Calls `see` with the path (relative to the root) of every file below a folder. */
function walk(folder, see) {
  if (!fs.existsSync(path.join(root, folder))) return;
  fs.readdirSync(path.join(root, folder), { withFileTypes: true }).forEach((entry) => {
    var file = path.join(folder, entry.name);
    if (entry.isDirectory()) walk(file, see);
    else see(file);
  });
}

function sources() {
  var found = ["tsconfig.json", path.join("node_modules", ".package-lock.json")];
  rooms.forEach((room) => {
    walk(room, (file) => {
      if (file.endsWith(".ts")) found.push(file);
    });
  });
  return found;
}

/** One hash of what the compile depends on: names, sizes and times of the sources, of tsconfig and of the packages. */
function fingerprint(files) {
  var hash = crypto.createHash("sha256").update(root);
  files.forEach((file) => {
    if (!fs.existsSync(path.join(root, file))) return;
    var stat = fs.statSync(path.join(root, file));
    hash.update(file + "\0" + stat.size + "\0" + stat.mtimeMs + "\n");
  });
  return hash.digest("hex");
}

function stamped() {
  try {
    return JSON.parse(fs.readFileSync(stampFile, "utf8")).fingerprint;
  } catch (_unreadable) {
    return undefined;
  }
}

/** Removes what was compiled from files that are gone: a stale test would still run. */
function sweep(files) {
  var kept = new Set(files.map((file) => file.replace(/\.ts$/, "")));
  rooms.forEach((room) => {
    walk(path.join("dist", room), (file) => {
      var source = path.relative("dist", file).replace(/(\.d\.ts|\.js)(\.map)?$/, "");
      if (!kept.has(source)) fs.rmSync(path.join(root, file));
    });
  });
}

function build() {
  var files = sources();
  var now = fingerprint(files);
  if (stamped() === now) return;
  if (!fs.existsSync(tsc)) {
    console.error("nabla: the packages are not installed. Run `npm ci` in " + root + " first.");
    process.exit(1);
  }
  // Standard output belongs to the command that asked for the build (`doctor --json`).
  process.stderr.write("nabla: compiling…\n");
  var result = child.spawnSync(process.execPath, [tsc, "-b", root], { stdio: ["ignore", 2, 2] });
  if (result.status !== 0) {
    console.error("nabla: the compile failed, see above. After an update, `npm ci` brings the packages up to date.");
    process.exit(1);
  }
  sweep(files);
  fs.writeFileSync(stampFile, JSON.stringify({ fingerprint: now }));
}

build();
