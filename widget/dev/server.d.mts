// SPDX-License-Identifier: Apache-2.0
/** Types of the development server for the tests. */

export type Verdict = readonly [status: number, body: unknown] | "drop" | "lose-answer" | null;
export interface DevSession {
  readonly id: string;
  readonly token: string;
  readonly locale: string;
  readonly events: readonly { seq: number; from: string; blocks: readonly { type: string; text?: string }[] }[];
  readonly seqs: Map<string, number>;
}
export interface DevServer {
  readonly origin: string;
  readonly port: number;
  readonly sessions: Map<string, DevSession>;
  readonly faults: ((request: { method: string; path: string }) => Verdict)[];
  readonly requests: string[];
  thinkMs: number;
  say(session: string, from: string, blocks: readonly unknown[]): number;
  restart(awayMs: number): Promise<void>;
  close(): Promise<void>;
}
export function startServer(options?: { port?: number; thinkMs?: number; pages?: Record<string, string> }): Promise<DevServer>;
