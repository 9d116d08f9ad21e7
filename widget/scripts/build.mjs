// SPDX-License-Identifier: Apache-2.0
/** Builds dist/widget.js: one classic script without source map, eval or third-party requests. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { cssText } from "./css.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dev = process.argv.includes("--dev");

await build({
  absWorkingDir: root,
  entryPoints: ["src/main.ts"],
  outfile: "dist/widget.js",
  bundle: true,
  plugins: [cssText],
  format: "iife",
  // Phones that still get a browser update: Chrome 87, Safari 15, Firefox 91.
  target: ["chrome87", "safari15", "firefox91"],
  minify: !dev,
  charset: "utf8",
  sourcemap: dev ? "inline" : false,
  // The licence notices of Lit (BSD-3-Clause) stay inside the file that is served.
  legalComments: "eof",
  // A second script tag on a page must do nothing at all, not even load Lit again: its Trusted Types policy is unique.
  banner: { js: '/*! PrachaBot chat element. SPDX-License-Identifier: Apache-2.0 */\nif(!customElements.get("pracha-chat")){' },
  footer: { js: "}" },
  conditions: dev ? ["development"] : [],
  logLevel: "info",
});
