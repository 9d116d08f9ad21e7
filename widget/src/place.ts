// SPDX-License-Identifier: Apache-2.0
/** Asks the browser for the citizen's position, only ever after a tap. */

export type Place = { readonly lat: number; readonly lon: number };
export type NoPlace = "denied" | "failed";

/** Position in degrees, rounded to a metre; or why there is none. */
export function currentPlace(): Promise<Place | NoPlace> {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator)) return resolve("failed");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: round(coords.latitude), lon: round(coords.longitude) }),
      (error) => resolve(error.code === error.PERMISSION_DENIED ? "denied" : "failed"),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    );
  });
}

const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
