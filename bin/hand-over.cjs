"use strict";
import("../dist/setup/cli.js")
  .then((cli) => cli.main(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code;
  });
