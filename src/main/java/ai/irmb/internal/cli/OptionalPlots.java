package ai.irmb.internal.cli;

import ai.irmb.internal.plot.ValidationPlots;
import ai.irmb.validate.Validation;
import java.io.IOException;
import java.nio.file.Path;

/** Charts of a validation, if XChart is on the class path. */
final class OptionalPlots {
  private OptionalPlots() {}

  /**
   * @throws IllegalArgumentException if charts cannot be drawn here
   */
  static void check() {
    try {
      ValidationPlots.check();
    } catch (NoClassDefFoundError e) {
      throw new IllegalArgumentException(
          "--plots: needs org.knowm.xchart:xchart 3.8.8 on the class path", e);
    }
  }

  static void write(Validation validation, Path folder) throws IOException {
    ValidationPlots.write(validation, folder);
  }
}
