package ai.irmb.internal.cli;

import ai.irmb.ExecutionMode;
import picocli.CommandLine.Option;

/** The execution mode of a network; each command has a default of its own. */
final class ExecutionOption {
  @Option(
      names = "--execution",
      paramLabel = "MODE",
      description = "compiled or eager (default: compiled; of compare: eager).")
  ExecutionMode mode;

  ExecutionOption(ExecutionMode mode) {
    this.mode = mode;
  }
}
