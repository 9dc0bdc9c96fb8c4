// `understudy demo`, also `npm start`: two routers and a client in network namespaces of this
// machine. The client uses the virtual address without pause while the master loses its cable, is
// stopped and is killed; every time it is told who took over, when the formula of RFC 3768 said so
// (3 x Advertisement_Interval + Skew_Time, section 6.1), and what the client noticed.

import { join } from "node:path";
import { type Client, startClient } from "../lab/client.ts";
import { createLab, type Lab, monotonicMs, routersAndClient } from "../lab/lab.ts";
import { enterUserNamespace, labObstacle } from "../lab/namespaces.ts";
import {
  keepalivedPath,
  type RouterProcess,
  type RouterProgram,
  startRouter,
} from "../lab/router-process.ts";
import { startWitness, type Witness } from "../lab/witness.ts";
import { type Screen, screenOn } from "./demo-screen.ts";

export type DemoOptions = {
  /** Which side a real keepalived plays. */
  readonly withKeepalived?: "master" | "backup" | "both";
  /** Leave the network up at the end, until Ctrl-C. */
  readonly keep?: boolean;
};

type Role = { readonly host: "a" | "b"; readonly state: string; readonly priority: number };

const master: Role = { host: "a", state: "MASTER", priority: 100 };
const backup: Role = { host: "b", state: "BACKUP", priority: 50 };
const network = "192.168.254";
const virtualAddress = `${network}.100`;
const addressOf = { a: `${network}.1`, b: `${network}.2` };
const pauseMs = 10;
/** More than any election here needs: 3 x 1 s + skew, and the start of a process. */
const patienceMs = 15_000;

/** Runs the whole demonstration; resolves to the exit code. */
export async function demo(options: DemoOptions = {}): Promise<number> {
  const asRoot = enterUserNamespace();
  if (asRoot !== undefined) return asRoot;
  const obstacle = labObstacle() ?? keepalivedObstacle(options);
  if (obstacle !== undefined) {
    process.stderr.write(`understudy demo: ${obstacle}\n`);
    return 1;
  }
  const lab = createLab("demo", routersAndClient(2, network));
  const screen = screenOn(process.stdout);
  try {
    const stage = await setStage(lab, screen, options);
    await play(stage);
    if (options.keep === true) await keepUp(stage);
    screen.say("\nThat was all. Everything made for it is removed again.");
    return 0;
  } catch (error) {
    screen.say(`\n${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    screen.close();
    lab.close();
  }
}

function keepalivedObstacle({ withKeepalived }: DemoOptions): string | undefined {
  if (withKeepalived === undefined || keepalivedPath() !== undefined) return undefined;
  return "keepalived is not installed (Debian: apt-get install keepalived)";
}

/** The configuration of the two machines, which a keepalived takes as it stands. */
function configFile({ state, priority }: Role): string {
  return `vrrp_instance VI_1 {
    state ${state}
    interface eth0
    virtual_router_id 1
    priority ${priority}
    authentication {
        auth_type PASS
        auth_pass understu
    }
    virtual_ipaddress {
        ${virtualAddress}/24 brd ${network}.255 dev eth0
    }
}
`;
}

type Stage = {
  readonly lab: Lab;
  readonly screen: Screen;
  readonly client: Client;
  readonly witness: Witness | undefined;
  readonly routers: Map<Role, RouterProcess>;
  readonly programOf: (role: Role) => RouterProgram;
};

async function setStage(lab: Lab, screen: Screen, options: DemoOptions): Promise<Stage> {
  const { withKeepalived } = options;
  const programOf = (role: Role): RouterProgram => {
    const side = role === master ? "master" : "backup";
    return withKeepalived === side || withKeepalived === "both" ? "keepalived" : "understudy";
  };
  screen.say(`Two routers and a client, each in a network namespace of this machine:

  a  ${addressOf.a}    ${programOf(master)}, priority ${master.priority}
  b  ${addressOf.b}    ${programOf(backup)}, priority ${backup.priority}
  client ${network}.10 uses ${virtualAddress} every ${pauseMs} ms

The configuration of a (b has state BACKUP and priority ${backup.priority}):

${configFile(master).replace(/^(?=.)/gm, "  ")}`);
  const client = await startClient(lab, virtualAddress, ["a", "b"], { pauseMs });
  const witness = await startWitness(lab);
  const stage = { lab, screen, client, witness, routers: new Map(), programOf };
  screen.show(() => statusLines(stage));
  return stage;
}

async function play(stage: Stage): Promise<void> {
  const { lab, screen } = stage;
  screen.say("Starting both routers.");
  open(stage, backup);
  await raise(stage);
  await scene(stage, "Pulling the cable of a", "hard", async () => lab.cable("a", "out"));
  const pluggedAt = monotonicMs();
  screen.say("\nPlugging the cable of a in again.");
  lab.cable("a", "in");
  await takesBack(stage, pluggedAt);
  await scene(
    stage,
    "Stopping a cleanly (SIGTERM)",
    "goodbye",
    async () => void routerOf(stage, master).stop(),
  );
  await raise(stage);
  await scene(stage, "Killing a (SIGKILL)", "hard", async () => routerOf(stage, master).crash());
  await waitUntil(() => !held(stage, master), 2_000);
  const left = held(stage, master);
  screen.say(`  a is dead and ${left ? "STILL HOLDS" : "no longer holds"} ${virtualAddress}.`);
  await raise(stage);
}

const routerOf = (stage: Stage, role: Role): RouterProcess => {
  const router = stage.routers.get(role);
  if (router === undefined) throw new Error(`router ${role.host} is not running`);
  return router;
};

/** Starts a router's daemon. */
function open(stage: Stage, role: Role): RouterProcess {
  const router = startRouter(stage.lab, role.host, {
    program: stage.programOf(role),
    config: configFile(role),
    onLine: (line) => {
      const entering = /Entering (\w+) STATE/.exec(line.text);
      if (entering !== null) stage.screen.note(`${role.host} is ${entering[1]}`);
    },
  });
  stage.routers.set(role, router);
  return router;
}

/** Starts a, which is stronger, and waits until it is master. */
async function raise(stage: Stage): Promise<void> {
  const startedAt = monotonicMs();
  if (stage.routers.has(master)) stage.screen.say("\nStarting a again.");
  open(stage, master);
  await takesBack(stage, startedAt);
}

async function takesBack(stage: Stage, since: number): Promise<void> {
  const { screen } = stage;
  await waitUntil(() => routerOf(stage, master).state() === "MASTER" && held(stage, master));
  await waitUntil(() => stage.client.servedBy() === "a");
  await pause(1_500);
  const lost = stage.client.lost(since, monotonicMs() - 500);
  const before = stage.routers.size > 1 && stage.client.questions.some((q) => q.sentAt < since);
  screen.say(
    `  a is master: it is stronger (priority ${master.priority} against ${backup.priority}).`,
  );
  if (before) screen.say(`  The client lost ${lost} questions while a came back.`);
}

/** Takes the master out of the game, waits for the backup, and says what it took. */
async function scene(
  stage: Stage,
  title: string,
  leaving: Leaving,
  act: () => Promise<void>,
): Promise<void> {
  const { screen, client } = stage;
  screen.say(`\n${title}.`);
  const since = monotonicMs();
  await act();
  const saidAt = await routerOf(stage, backup).reaches("MASTER", patienceMs);
  await waitUntil(() => client.servedBy() === "b");
  await pause(1_000);
  const seenAt = stage.witness?.adverts(addressOf.b).find(({ at }) => at > since)?.at ?? saidAt;
  screen.say(`  b took over after ${seconds(seenAt - since)}.`);
  screen.say(`  ${expectation(stage, leaving, since, seenAt)}`);
  const lost = client.lost(since - pauseMs, monotonicMs() - 500);
  const gap = longestGap(client, since);
  screen.say(`  The client lost ${lost} questions; it was without an answer for ${seconds(gap)}.`);
}

/** With a priority 0 advert as its last word, or without a word. */
type Leaving = "goodbye" | "hard";

/** What the formula says about this take-over, and how far from it the backup was. */
function expectation(stage: Stage, leaving: Leaving, since: number, tookOverAt: number): string {
  const skew = (256 - backup.priority) / 256;
  const wait = leaving === "goodbye" ? skew : 3 + skew;
  const shown = `(256 - ${backup.priority})/256 s`;
  const formula =
    leaving === "goodbye"
      ? `The formula: a says goodbye (priority 0), so ${shown} = ${wait.toFixed(3)} s`
      : `The formula: 3 x 1 s + ${shown} = ${wait.toFixed(3)} s after the last advert`;
  const last = stage.witness
    ?.adverts(addressOf.a)
    .findLast(
      ({ at, priority }) => at < tookOverAt && (priority === 0) === (leaving === "goodbye"),
    );
  if (last === undefined)
    return leaving === "goodbye" ? `${formula}.` : `${formula}, up to 1 s ago.`;
  const late = (tookOverAt - last.at - wait * 1000).toFixed(1);
  if (leaving === "goodbye") return `${formula} after that; b was ${late} ms later.`;
  return `${formula}, which came ${seconds(since - last.at)} before; b was ${late} ms later.`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;

/** The longest time between two answers, from the last one before `since` on. */
function longestGap(client: Client, since: number): number {
  const answers = client.questions.flatMap(({ answeredAt }) => answeredAt ?? []);
  const first = Math.max(answers.findIndex((at) => at >= since) - 1, 0);
  let longest = 0;
  for (let i = first + 1; i < answers.length; i++) {
    longest = Math.max(longest, (answers[i] ?? 0) - (answers[i - 1] ?? 0));
  }
  return longest;
}

const held = ({ lab }: Stage, role: Role): boolean =>
  lab.addresses(role.host).some((address) => address.startsWith(`${virtualAddress}/`));

function statusLines(stage: Stage): readonly string[] {
  const lines = [master, backup].map((role) => {
    const state = stage.routers.get(role)?.state() ?? "";
    const addresses = stage.lab.addresses(role.host).join("  ");
    return `  ${role.host}  ${state.padEnd(8)} ${addresses}`;
  });
  const { questions } = stage.client;
  const by = stage.client.servedBy() ?? "nobody";
  return [...lines, `  client: ${questions.length} questions, answered by ${by}`];
}

async function keepUp({ lab, screen }: Stage): Promise<void> {
  const on = (host: string): string => `nsenter --net=/run/netns/${lab.namespaceOf(host)}`;
  const userNamespace = process.env["UNDERSTUDY_USER_NAMESPACE"] !== undefined;
  const first = userNamespace
    ? `  nsenter --target ${process.pid} --user --mount --preserve-credentials sh   # first of all\n`
    : "";
  screen.say(`
The network stays up until Ctrl-C. To play with it, in another terminal:

${first}  ${on("a")} ip addr show eth0
  bin/understudy status --socket ${join(lab.folder, "a.sock")}
  ${on("client")} ip neigh
  ${on("client")} ping ${virtualAddress}
  ip -n ${lab.namespaceOf("lan")} link set a-eth0 down     # pulls the cable of a
  ip -n ${lab.namespaceOf("lan")} link set a-eth0 up
  ${on("lan")} tcpdump -n -i br-eth0 vrrp or arp`);
  await new Promise(() => undefined);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function waitUntil(condition: () => boolean, timeoutMs = patienceMs): Promise<void> {
  const until = monotonicMs() + timeoutMs;
  while (!condition() && monotonicMs() < until) await pause(20);
}
