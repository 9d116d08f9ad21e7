// SPDX-License-Identifier: Apache-2.0
/** A style sheet is imported as its minified text (scripts/css.mjs). */
declare module "*.css" {
  const text: string;
  export default text;
}
