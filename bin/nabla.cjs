#!/usr/bin/env node
// The `nabla` command: compiles if need be, then hands over to setup/cli.ts.
"use strict";
require("./build.cjs");
import("../dist/setup/cli.js")
  .then((cli) => cli.main(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code;
  });
