// A program: answers UDP datagrams at a virtual address, also while the address is elsewhere, each
// with the question and this host's name. Arguments: address, port, name. Runs on every router of a
// lab, so that the client learns who serves it.

import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";

const [address = "", port = "", name = ""] = process.argv.slice(2);

// The socket waits at an address that this host may not have yet; the setting is the namespace's own.
writeFileSync("/proc/sys/net/ipv4/ip_nonlocal_bind", "1");
const socket = createSocket("udp4");
socket.on("message", (question, from) => {
  socket.send(`${question} ${name}`, from.port, from.address, () => undefined);
});
socket.bind(Number(port), address, () => process.stdout.write("listening\n"));
