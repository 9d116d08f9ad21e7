// SPDX-License-Identifier: Apache-2.0
/** Light or dark as the page is, not as the device is: a light page with a dark chat looks broken. */

/** Calls `apply` now and on each change; returns how to stop. */
export function followPage(theme: "auto" | "light" | "dark", apply: (dark: boolean) => void): () => void {
  const device = matchMedia("(prefers-color-scheme: dark)");
  const update = (): void => {
    // "light dark", "dark", "only light" or "normal"
    const scheme = getComputedStyle(document.documentElement).colorScheme ?? "normal";
    const follows = scheme.includes("dark") && (!scheme.includes("light") || device.matches);
    apply(theme === "auto" ? follows : theme === "dark");
  };
  update();
  device.addEventListener?.("change", update);
  return () => device.removeEventListener?.("change", update);
}
