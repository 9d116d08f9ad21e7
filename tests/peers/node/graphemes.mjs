// SPDX-License-Identifier: Apache-2.0
// Reads a list of texts from standard input and writes how many grapheme clusters the platform sees in each.
import process from "node:process";

let input = "";
for await (const part of process.stdin) input += part;
const segmenter = new Intl.Segmenter("th", { granularity: "grapheme" });
process.stdout.write(JSON.stringify(JSON.parse(input).map((text) => [...segmenter.segment(text)].length)));
