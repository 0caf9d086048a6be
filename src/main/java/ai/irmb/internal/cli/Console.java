package ai.irmb.internal.cli;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** The output and error streams of a command. A mixin without options. */
@Command
final class Console {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /**
   * {@return the lines of the results: on standard output, or on standard error if an option such
   * as {@code --json -} writes its file to standard output}
   *
   * @throws IllegalArgumentException if several options do
   */
  LinePrinter out() {
    List<String> options =
        spec().options().stream()
            .filter(o -> o.getValue() instanceof OutputFile f && f.isStandardOutput())
            .map(OptionSpec::longestName)
            .toList();
    if (options.size() > 1) {
      throw new IllegalArgumentException(
          String.join(", ", options) + ": only one of them can be standard output");
    }
    return new LinePrinter(options.isEmpty() ? data() : line().getErr());
  }

  /** {@return the lines of the messages} */
  LinePrinter err() {
    return new LinePrinter(line().getErr());
  }

  /** {@return standard output, for a file that an option writes there} */
  PrintWriter data() {
    return line().getOut();
  }

  /** {@return standard error, for a progress display} */
  PrintWriter progress() {
    return line().getErr();
  }

  private CommandLine line() {
    return spec().commandLine();
  }

  private CommandSpec spec() {
    if (command == null) {
      throw new IllegalStateException("not called by the command line");
    }
    return command;
  }
}
