import type { Message, Origin } from "./wire/message.js";

interface Cell {
  readonly origin: Origin;
  readonly allowStdin: boolean;
}

/** Cells, and likewise comm messages, whose parent header is remembered for output that comes late. */
const remembered = 10_000;

/** Which request a number stands for that code of the user carries along. */
export class Origins {
  readonly #cells = new Map<number, Cell>();
  /** Apart, so that a flood of comm messages makes no cell forgotten that still runs or prints. */
  readonly #comms = new Map<number, Cell>();
  #last = 0;
  #lastCell = 0;

  /** A number for a cell. */
  openCell(request: Message, allowStdin: boolean): number {
    this.#lastCell = this.#open(this.#cells, request, allowStdin);
    return this.#lastCell;
  }

  /** A number for what listeners do on a comm message. */
  openComm(request: Message): number {
    return this.#open(this.#comms, request, false);
  }

  /** The request of a number; the latest cell's for one that was forgotten or never given. Undefined before the first. */
  of(number: number): Origin | undefined {
    return (this.#cells.get(number) ?? this.#comms.get(number) ?? this.#cells.get(this.#lastCell))?.origin;
  }

  /** The request of a cell whose front end answers questions. */
  asking(number: number): Origin | undefined {
    const cell = this.#cells.get(number);
    return cell?.allowStdin === true ? cell.origin : undefined;
  }

  #open(among: Map<number, Cell>, { identities, header }: Message, allowStdin: boolean): number {
    this.#last += 1;
    // Not the whole request: its content may be large.
    among.set(this.#last, { origin: { identities, header }, allowStdin });
    if (among.size > remembered) among.delete(among.keys().next().value as number);
    return this.#last;
  }
}
