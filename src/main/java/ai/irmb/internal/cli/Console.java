package ai.irmb.internal.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The output and error streams of a command. A mixin without options. */
@Command
final class Console {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** {@return the stream for results} */
  PrintWriter out() {
    return line().getOut();
  }

  /** {@return the stream for messages} */
  PrintWriter err() {
    return line().getErr();
  }

  private CommandLine line() {
    if (command == null) {
      throw new IllegalStateException("not called by the command line");
    }
    return command.commandLine();
  }
}
