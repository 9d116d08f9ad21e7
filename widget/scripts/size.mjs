// SPDX-License-Identifier: Apache-2.0
/** Fails when the built widget is too large for a cheap phone: prints script and style sizes in bytes. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { cssText } from "./css.mjs";

const SCRIPT_LIMIT = 35 * 1024;
const STYLE_LIMIT = 5 * 1024;
const root = fileURLToPath(new URL("..", import.meta.url));

const script = readFileSync(`${root}dist/widget.js`);
// The style travels inside the script; measured alone it is the text that the browser parses as style.
const { outputFiles } = await build({
  absWorkingDir: root,
  stdin: {
    contents: 'import { styles } from "./src/styles/index.ts"; export const css = styles.map((s) => s.cssText).join("\\n");',
    resolveDir: root,
    loader: "ts",
  },
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
  plugins: [cssText],
});
const { css } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);

const rows = [
  { name: "script", raw: script.length, gzip: gzipSync(script, { level: 9 }).length, limit: SCRIPT_LIMIT },
  { name: "style", raw: css.length, gzip: gzipSync(css, { level: 9 }).length, limit: STYLE_LIMIT },
];
for (const row of rows) {
  console.log(`${row.name.padEnd(8)}${row.raw} bytes, ${row.gzip} gzip (limit ${row.limit})`);
}
const tooLarge = rows.filter((row) => row.gzip > row.limit);
if (tooLarge.length > 0) {
  console.error(`too large: ${tooLarge.map((row) => row.name).join(", ")}`);
  process.exit(1);
}
