import { isPolyphaseError } from "../model/index.ts";
import { processDied } from "./algorithm-errors.ts";

/** How often an algorithm whose process was killed is started anew without having answered anything in between. */
const mostInARow = 3;

/** Whether an algorithm that has failed is to be made anew at once: only where something else than itself has ended it. */
export class Lives {
  #deaths = 0;

  mayGoOn(error: Error): boolean {
    if (!isPolyphaseError(error) || error.code !== processDied) return false;
    this.#deaths += 1;
    return this.#deaths <= mostInARow;
  }

  /** It has answered. */
  sign(): void {
    this.#deaths = 0;
  }
}
