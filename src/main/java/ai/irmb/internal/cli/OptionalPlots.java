package ai.irmb.internal.cli;

import ai.irmb.error.ImageException;
import ai.irmb.internal.image.DesktopLibraries;
import ai.irmb.internal.plot.ValidationPlots;
import ai.irmb.validate.Validation;
import java.io.IOException;
import java.nio.file.Path;

/** Charts of a validation, if XChart is on the class path. */
final class OptionalPlots {
  private OptionalPlots() {}

  /**
   * @throws IllegalArgumentException if XChart is missing
   * @throws ImageException if this Java cannot draw charts
   */
  static void check() throws IOException {
    attempt(ValidationPlots::check);
  }

  static void write(Validation validation, Path folder) throws IOException {
    attempt(() -> ValidationPlots.write(validation, folder));
  }

  /** Draws charts. */
  private interface Drawing {
    void run() throws IOException;
  }

  /** Without fonts the JDK fails with several kinds of errors, and with another one each time. */
  private static void attempt(Drawing drawing) throws IOException {
    try {
      drawing.run();
    } catch (LinkageError | InternalError e) {
      throw refusal(e);
    } catch (RuntimeException e) {
      if (String.valueOf(e.getMessage()).contains("ontconfig")) {
        throw refusal(e);
      }
      throw e;
    }
  }

  private static RuntimeException refusal(Throwable e) {
    if (String.valueOf(e.getMessage()).startsWith("org/knowm/")) {
      return new IllegalArgumentException(
          "--plots: needs org.knowm.xchart:xchart 3.8.8 on the class path", e);
    }
    return new ImageException("--plots: " + DesktopLibraries.explain("draw text", e), e);
  }
}
