// What `understudy init` asks on a terminal, one question for each flag that is missing. It is loaded
// only then, with the package that draws the questions. Every answer is checked by `init` as a flag
// would be.

import { networkInterfaces } from "node:os";
import { isCancel, select, text } from "@clack/prompts";
import type { InitOptions } from "./init-options.ts";

/** The flags with the answers filled in; undefined when somebody ends the questions. */
export async function askForPlan(given: InitOptions): Promise<InitOptions | undefined> {
  let options = given;
  for (const ask of questions) {
    const answer = await ask(options);
    if (answer === undefined) return undefined;
    options = { ...options, ...answer };
  }
  return options;
}

type Question = (given: InitOptions) => Promise<InitOptions | undefined>;

const questions: readonly Question[] = [
  async (given) => {
    if (given.interface !== undefined) return {};
    const names = Object.keys(networkInterfaces()).filter((name) => name !== "lo");
    const answer = await text({
      message: "Which interface are the routers on?",
      ...(names[0] === undefined ? {} : { initialValue: names[0] }),
      validate: required,
    });
    return isCancel(answer) ? undefined : { interface: answer.trim() };
  },
  async ({ address = [] }) => {
    if (address.length > 0) return {};
    const answer = await text({
      message: "Which addresses do they keep alive?",
      placeholder: "192.0.2.10/24 192.0.2.11/24",
      validate: required,
    });
    return isCancel(answer) ? undefined : { address: wordsOf(answer) };
  },
  async ({ router = [] }) => {
    if (router.length >= 2) return {};
    const answer = await text({
      message: "Which routers, the preferred one first, each with its own address?",
      placeholder: "r1=192.0.2.2 r2=192.0.2.3",
      validate: (value) =>
        wordsOf(value ?? "").length < 2 ? "two routers or more, with blanks between" : undefined,
    });
    return isCancel(answer) ? undefined : { router: wordsOf(answer) };
  },
  async ({ unicast }) => {
    if (unicast !== undefined) return {};
    const answer = await select({
      message: "How do they speak to each other?",
      options: [
        { value: false, label: "multicast", hint: "the usual way on one network" },
        { value: true, label: "unicast", hint: "where multicast is not carried, as in clouds" },
      ],
    });
    return isCancel(answer) ? undefined : { unicast: answer };
  },
  async ({ version, authPass }) => {
    if (version !== undefined || authPass !== undefined) return {};
    const answer = await select({
      message: "Which version do all of them know?",
      options: [
        { value: "3", label: "3", hint: "intervals below a second, no passwords" },
        { value: "2", label: "2", hint: "for old peers, with a password of 8 characters" },
      ],
    });
    return isCancel(answer) ? undefined : { version: answer };
  },
];

const required = (value: string | undefined): string | undefined =>
  (value ?? "").trim() === "" ? "this is needed" : undefined;

const wordsOf = (answer: string): readonly string[] =>
  answer.split(/[\s,]+/).filter((word) => word !== "");
