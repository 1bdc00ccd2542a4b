import { after, afterEach, before, beforeEach } from "node:test";
import { DapClient } from "./dap-client.js";

/** The debugger of a kernel that all tests of a file share; for each of them it is attached anew. */
export function debugged(): DapClient {
  const dap = new DapClient();
  before(() => dap.start());
  beforeEach(() => dap.attach());
  afterEach(() => dap.body("disconnect"));
  after(() => dap.close());
  return dap;
}
