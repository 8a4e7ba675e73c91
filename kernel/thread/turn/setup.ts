import type { LanguageModel } from "ai";
import { chooseModel, loadModel, type ModelChoice } from "../../models/registry.ts";
import type { TurnId } from "../../ids.ts";
import type { House } from "../house.ts";
import { noteTurn } from "../notes.ts";
import type { Turn } from "./types.ts";

/** What a turn is run with. */
export interface Setup {
  model: LanguageModel;
  choice: ModelChoice;
  /** Whether the model can see pictures. */
  eyes: boolean;
}

/** The model of the turn that is worked on: made once, again after a crash. */
export class Setups {
  readonly #house: House;
  #made: { turn: TurnId; setup: Promise<Setup> } | null = null;

  constructor(house: House) {
    this.#house = house;
  }

  /** @throws KernelError `config.invalid` when the person's or the owner's model string is wrong */
  of(turn: Turn): Promise<Setup> {
    if (this.#made?.turn !== turn.id) {
      const setup = this.#make(turn);
      // Whoever needs it sees the error; made ahead of time it is nobody's.
      setup.catch(() => undefined);
      this.#made = { turn: turn.id, setup };
    }
    return this.#made.setup;
  }

  /** What is known of a turn's model without asking for it. */
  async known(turn: Turn): Promise<Setup | null> {
    return this.#made?.turn === turn.id ? this.#made.setup.catch(() => null) : null;
  }

  async #make(turn: Turn): Promise<Setup> {
    const { env } = this.#house;
    const settings = await noteTurn(this.#house, turn, null);
    const vars = settings.model === null ? env : { ...env, MODEL: settings.model };
    const choice = chooseModel(vars);
    return { model: await loadModel(choice, vars), choice, eyes: choice.eyes };
  }
}
