// Who pipes a command into `head` or leaves its pager has read enough: the command ends then, quietly,
// instead of with a complaint about a broken pipe.

/** 128 and SIGPIPE, as a shell reports programs that end like this. */
const brokenPipe = 141;

/** Ends this process when nobody reads `stream` any more; what hangs on its exit is still tidied up. */
export function endWithReader(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(brokenPipe);
  });
}
