// Entry point of `understudy`.
process.stderr.write("understudy: not here yet\n");
process.exitCode = 1;
