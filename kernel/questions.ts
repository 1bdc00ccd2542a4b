import type { Message } from "./wire/message.js";

/** A question of a cell that waits for the user. */
interface Question {
  readonly cell: number;
  /** The user thread's number for it. */
  readonly request: number;
  /** Of the `input_request`, which the reply has for its parent. */
  readonly id: string;
}

/** The questions that were asked on stdin and not answered yet. */
export class Questions {
  #open: Question[] = [];

  ask(question: Question): void {
    this.#open.push(question);
  }

  /** Which question an `input_reply` answers: the one that it names, and if it names none the oldest. */
  answered({ parent_header: { msg_id } }: Message): number | undefined {
    const question = msg_id === undefined ? this.#open[0] : this.#open.find(({ id }) => id === msg_id);
    this.#open = this.#open.filter((one) => one !== question);
    return question?.request;
  }

  /** Questions of a cell that ended are moot; a late answer must not go to the next one's. */
  ended(cell: number): void {
    this.#open = this.#open.filter((one) => one.cell !== cell);
  }
}
