// A program: asks a virtual address without pause and prints one line for each question sent
// (`? NUMBER MS`) and each answer heard (`! NUMBER MS HOST`), MS on the machine's monotonic clock.
// Arguments: address, port, milliseconds between questions.

import { createSocket } from "node:dgram";

const [address = "", port = "", pause = ""] = process.argv.slice(2);
const milliseconds = (): string => (Number(process.hrtime.bigint()) / 1e6).toFixed(3);

const socket = createSocket("udp4");
let asked = 0;

socket.on("message", (answer) => {
  const [number = "", host = ""] = answer.toString("latin1").split(" ");
  process.stdout.write(`! ${number} ${milliseconds()} ${host}\n`);
});
// A host without a route or a neighbour refuses to send; the question counts as lost.
socket.on("error", () => undefined);

function ask(): void {
  asked++;
  process.stdout.write(`? ${asked} ${milliseconds()}\n`);
  socket.send(String(asked), Number(port), address, () => undefined);
}

setInterval(ask, Number(pause));
