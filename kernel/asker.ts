import type { FromLanguage, FromUser, ToLanguage, ToUser } from "./threads.js";

/** The language thread died before it answered. */
export class LanguageLost extends Error {
  override name = "LanguageLost";
}

type Answer = Extract<FromLanguage | FromUser, { request: number }>;

/** Which answer belongs to which question to the language thread. */
interface Answers {
  readonly check: "checked";
  readonly complete: "completed";
  readonly inspect: "inspected";
  readonly "is-complete": "is-completed";
  readonly breakable: "breakables";
  readonly expression: "expressed";
}

/** Questions to the other threads as promises. */
export interface Asked {
  /** Rejects with {@link LanguageLost} when the language thread dies. */
  language<Q extends keyof Answers>(
    question: Omit<Extract<ToLanguage, { type: Q }>, "request">,
  ): Promise<Extract<FromLanguage, { type: Answers[Q] }>>;
  /** The value of a name as text; undefined when there is none, or no answer within `patience` ms (a cell computes). */
  value(name: string, patience: number): Promise<string | undefined>;
}

/** The other side of {@link Asked}. */
export interface Asker extends Asked {
  answer(message: Extract<FromLanguage | FromUser, { request: number }>): void;
  /** Nobody will answer what the language thread was asked. */
  lost(reason: string): void;
}

interface Pending {
  resolve(answer: Answer): void;
  reject?(reason: Error): void;
}

/** Numbers questions and finds them again when the answer comes. */
export function createAsker(to: { user(message: ToUser): void; language(message: ToLanguage): void }): Asker {
  const pending = new Map<number, Pending>();
  let last = 0;
  return {
    language: (question) =>
      new Promise((resolve, reject) => {
        last += 1;
        pending.set(last, { resolve: resolve as (answer: Answer) => void, reject });
        to.language({ ...question, request: last } as unknown as ToLanguage);
      }),
    value: (name, patience) =>
      new Promise((resolve) => {
        last += 1;
        const request = last;
        const give = (text?: string): void => {
          clearTimeout(timer);
          pending.delete(request);
          resolve(text);
        };
        const timer = setTimeout(give, patience);
        pending.set(request, { resolve: (answer) => give("text" in answer ? answer.text : undefined) });
        to.user({ type: "inspect", request, name });
      }),
    answer(message) {
      const waiting = pending.get(message.request);
      pending.delete(message.request);
      waiting?.resolve(message);
    },
    lost(reason) {
      for (const [request, { reject }] of pending) {
        if (reject === undefined) continue;
        pending.delete(request);
        reject(new LanguageLost(reason));
      }
    },
  };
}
