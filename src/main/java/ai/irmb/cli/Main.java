package ai.irmb.cli;

import ai.irmb.error.IrmbException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root command: exit code 0 for success, 1 for a failure, 2 for bad use. */
@Command(
    name = "irmb",
    mixinStandardHelpOptions = true,
    version = "irmb 0.1.0",
    description = "Finds objects in pictures with a trained YOLOv5, plain or with iRMB attention.",
    subcommands = {
      DetectCommand.class,
      SummaryCommand.class,
      CompareCommand.class,
      ConvertCommand.class,
      ValidateCommand.class,
      BenchCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  static final int FAILURE = 1;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  private boolean debug;

  private Main() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    quiet("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    quiet("org.slf4j.simpleLogger.log.ai.djl.util.cuda", "error");
    PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
    int code = run(out, err, args);
    out.flush();
    System.exit(code);
  }

  private static void quiet(String property, String level) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, level);
    }
  }

  /** {@return the exit code of a command} */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(
        (e, parsed) -> {
          err.println(e.getMessage() + " (--help shows the options)");
          return CommandLine.ExitCode.USAGE;
        });
    line.setExecutionExceptionHandler((e, command, parsed) -> main.report(err, e));
    try {
      return line.execute(args);
    } catch (StackOverflowError | OutOfMemoryError e) {
      return main.report(err, e);
    }
  }

  private int report(PrintWriter err, Throwable e) {
    if (debug) {
      e.printStackTrace(err);
    }
    err.println(sentence(e));
    return e instanceof IllegalArgumentException ? CommandLine.ExitCode.USAGE : FAILURE;
  }

  /** {@return what went wrong, for a person} */
  static String sentence(Throwable e) {
    if (e instanceof IrmbException || e instanceof IllegalArgumentException) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof java.nio.file.NoSuchFileException missing) {
      return missing.getFile() + ": there is no such file";
    }
    if (e instanceof IOException || e instanceof UncheckedIOException) {
      return "cannot read or write: " + e.getMessage();
    }
    if (e instanceof OutOfMemoryError) {
      return "not enough memory; give Java more with -Xmx";
    }
    return "unexpected failure, please report it (--debug shows where): " + e;
  }
}
