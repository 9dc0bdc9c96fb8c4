// Entry point of `understudyd`.
process.stderr.write("understudyd: not here yet\n");
process.exitCode = 1;
