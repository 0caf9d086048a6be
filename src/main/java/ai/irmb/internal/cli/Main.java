package ai.irmb.internal.cli;

import ai.irmb.error.IrmbException;
import ai.irmb.internal.engine.EngineProperties;
import ai.irmb.internal.engine.LibraryVersion;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.file.FileErrors;
import ai.irmb.internal.file.FileNames;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The root command. Exit codes: 0 for success, 1 for a failure, 2 for wrong usage. */
@Command(
    name = "irmb",
    mixinStandardHelpOptions = true,
    description = "Detects objects in images with YOLOv5 models, with or without iRMB attention.",
    subcommands = {
      DetectCommand.class,
      SummaryCommand.class,
      CompareCommand.class,
      ConvertCommand.class,
      ExportCommand.class,
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
    setLogLevelIfUnset("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    setLogLevelIfUnset("org.slf4j.simpleLogger.log.ai.djl.util.cuda", "error");
    // A camera's loop would be served until the time limit.
    EngineProperties.presetImmediateShutdown();
    StandardStream out = StandardStream.of(FileDescriptor.out);
    PrintWriter err = new PrintWriter(StandardStream.of(FileDescriptor.err));
    int code = run(new PrintWriter(out), err, ProcessArguments.restored(args));
    System.exit(out.exitCode(code, err));
  }

  private static void setLogLevelIfUnset(String property, String level) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, level);
    }
  }

  /** {@return the commands and their options} */
  static CommandLine commandLine() {
    return commandLine(new Main());
  }

  private static CommandLine commandLine(Main main) {
    CommandLine line = new CommandLine(main);
    line.getCommandSpec().versionProvider(() -> new String[] {"irmb " + LibraryVersion.get()});
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(Path.class, Main::path);
    line.registerConverter(OutputFile.class, text -> new OutputFile(path(text)));
    // For detect, @FILE is a list of images.
    line.setExpandAtFiles(false);
    return line;
  }

  /** {@return the exit code of a command} */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine line = commandLine(main);
    line.setOut(out);
    line.setErr(err);
    line.setParameterExceptionHandler((e, parsed) -> usageError(err, e));
    line.setExecutionExceptionHandler(
        (e, command, parsed) ->
            main.report(err, OptionNames.inMessage(e, command.getCommandSpec())));
    try {
      return line.execute(Arguments.checked(line, args));
    } catch (ParameterException e) {
      return usageError(err, e);
    } catch (StackOverflowError | OutOfMemoryError | LinkageError | InternalError e) {
      return main.report(err, e);
    }
  }

  private static int usageError(PrintWriter err, ParameterException e) {
    err.println(Quoting.escape(UsageMessages.message(e)) + " (--help shows the options)");
    return CommandLine.ExitCode.USAGE;
  }

  private static Path path(String text) {
    try {
      return FileNames.path(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(message(e));
    }
  }

  private int report(PrintWriter err, Throwable e) {
    if (e instanceof OutputFailedException) {
      return FAILURE;
    }
    if (debug) {
      e.printStackTrace(err);
    }
    err.println(Quoting.escape(message(e)));
    return e instanceof IllegalArgumentException ? CommandLine.ExitCode.USAGE : FAILURE;
  }

  /** {@return a message for the user} */
  static String message(Throwable e) {
    if (e instanceof InvalidPathException invalid) {
      return invalid.getInput()
          + (invalid.getInput().indexOf('\ufffd') < 0
              ? ": not a valid path: " + invalid.getReason()
              : ": the locale has no such characters; set LC_ALL=C.UTF-8");
    }
    if (e instanceof IrmbException || e instanceof IllegalArgumentException) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof FileSystemException file && file.getFile() != null) {
      return file.getFile() + ": " + FileErrors.reason(file);
    }
    if (e instanceof IOException io) {
      return FileErrors.reason(io);
    }
    if (e instanceof UncheckedIOException io && io.getCause() != null) {
      return message(io.getCause());
    }
    if (e instanceof OutOfMemoryError) {
      return "not enough memory; give Java more with -Xmx";
    }
    return "unexpected failure, please report it (--debug shows where): " + e;
  }
}
