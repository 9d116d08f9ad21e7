// SPDX-License-Identifier: Apache-2.0
/** Bundles test/*.test.ts and runs them with Node's own test runner; further arguments go to the runner. */
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { cssText } from "./css.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = `${root}.test-build`;
const tests = readdirSync(`${root}test`).filter((name) => name.endsWith(".test.ts"));
if (tests.length === 0) throw new Error("no tests found in test/");

rmSync(out, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: tests.map((name) => `test/${name}`),
  outdir: ".test-build",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  plugins: [cssText],
  format: "esm",
  platform: "node",
  // The development server is started from its file, so it must not be swallowed.
  external: ["*/dev/server.mjs"],
  sourcemap: "inline",
  logLevel: "warning",
});
const files = tests.map((name) => `${out}/${name.replace(/\.ts$/, ".mjs")}`);
const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", "--test-reporter=spec", ...process.argv.slice(2), ...files], { stdio: "inherit" });
process.exit(run.status ?? 1);
