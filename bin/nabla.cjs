#!/usr/bin/env node
// The `nabla` command: compiles if need be, then hands over to setup/cli.ts. Two steps, because a Node too old for the
// first must not have to parse the second.
"use strict";
require("./build.cjs");
require("./hand-over.cjs");
