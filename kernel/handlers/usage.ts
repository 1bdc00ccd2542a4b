import { cpus, freemem, hostname, totalmem } from "node:os";
import type { Handler } from "../session.js";

/** Milliseconds of all processors since they started, and how many of those they worked. */
function hostTime(): { readonly all: number; readonly busy: number } {
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const times = cpus().map((cpu) => cpu.times);
  const all = sum(times.flatMap((time) => Object.values(time)));
  return { all, busy: all - sum(times.map(({ idle }) => idle)) };
}

/**
 * `usage_request`: what the kernel's process takes, for front ends that show it; fields as ipykernel's. Processor figures are
 * percentages since the request before, of one processor for the kernel, of all for the host. Sizes are bytes.
 */
export function usage(): Handler {
  let before = { at: performance.now(), used: process.cpuUsage(), host: hostTime() };
  return {
    handle() {
      const now = { at: performance.now(), used: process.cpuUsage(), host: hostTime() };
      const { user, system } = process.cpuUsage(before.used);
      const elapsed = Math.max(1, now.at - before.at);
      const host = now.host.all - before.host.all;
      const busy = now.host.busy - before.host.busy;
      before = now;
      const [total, available] = [totalmem(), freemem()];
      const used = total - available;
      return {
        status: "ok",
        hostname: hostname(),
        pid: process.pid,
        cpu_count: Math.max(1, cpus().length),
        kernel_cpu: (user + system) / 10 / elapsed,
        kernel_memory: process.memoryUsage.rss(),
        ...(host > 0 ? { host_cpu_percent: (100 * busy) / host } : {}),
        host_virtual_memory: { total, available, used, free: available, percent: (100 * used) / total },
      };
    },
  };
}
