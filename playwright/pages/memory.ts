import { readdirSync, readFileSync } from 'node:fs';

/** Peak resident memory of the largest renderer process, in MiB; Linux only. */
export function peakRendererMegabytes(): number {
  let peak = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // The process ended while it was read.
    }
  }
  return Math.round(peak);
}
