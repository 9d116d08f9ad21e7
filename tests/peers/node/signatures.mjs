// SPDX-License-Identifier: Apache-2.0
// Reads [{secret, body, signature}] (body in base64) from standard input and writes what the SDK says of each.
import { Buffer } from "node:buffer";
import process from "node:process";
import { validateSignature } from "@line/bot-sdk";

let input = "";
for await (const part of process.stdin) input += part;
const said = JSON.parse(input).map(({ secret, body, signature }) =>
  validateSignature(Buffer.from(body, "base64"), secret, signature));
process.stdout.write(JSON.stringify(said));
