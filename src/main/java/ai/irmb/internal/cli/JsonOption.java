package ai.irmb.internal.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The JSON file that a command writes. */
final class JsonOption {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the results as JSON; - is standard output.")
  @Nullable OutputFile file;
}
