// SPDX-License-Identifier: Apache-2.0
/** esbuild plugin: a `.css` file is imported as its minified text, for constructable style sheets. */
import { readFile } from "node:fs/promises";
import { transform } from "esbuild";

export const cssText = {
  name: "css-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: ["chrome87", "safari15"] });
      return { contents: code.trim(), loader: "text" };
    });
  },
};
