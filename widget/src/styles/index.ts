// SPDX-License-Identifier: Apache-2.0
/** The widget's style sheets, made with the CSSOM so that a strict style-src holds. */
import { unsafeCSS, type CSSResult } from "lit";
import blocks from "./blocks.css";
import frame from "./frame.css";
import messages from "./messages.css";
import tokens from "./tokens.css";

// "unsafe" means: not escaped. These are our own files, fixed at build time.
export const styles: CSSResult[] = [tokens, frame, messages, blocks].map((text) => unsafeCSS(text));
