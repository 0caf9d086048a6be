package ai.irmb.internal.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The size of the network's input. */
final class SizeOption {
  static final String NAME = "--size";

  @Option(
      names = {NAME, "--imgsz", "--img", "--img-size"},
      paramLabel = "N|HxW",
      description =
          "Size of the network's input: a side, or height x width (default: the size of the"
              + " training in detect and validate, else 640).")
  private @Nullable String size;

  /** {@return height and width, or null if the option was not given} */
  int @Nullable [] heightAndWidth() {
    return size == null ? null : parse(NAME, size);
  }

  /** {@return height and width, or a square of the side if the option was not given} */
  int[] heightAndWidth(int side) {
    int[] given = heightAndWidth();
    return given == null ? new int[] {side, side} : given;
  }

  /**
   * {@return height and width from {@code 640} or {@code 384x640}}
   *
   * @param option name of the option that has the text as its value
   */
  static int[] parse(String option, String text) {
    if (!text.matches("[0-9]{1,5}(x[0-9]{1,5})?")) {
      throw new IllegalArgumentException(
          option
              + ": expected a side such as 640 or height x width such as 384x640, found "
              + text);
    }
    String[] parts = text.split("x", -1);
    int[] size = {Integer.parseInt(parts[0]), Integer.parseInt(parts[parts.length - 1])};
    if (size[0] < 1 || size[1] < 1) {
      throw new IllegalArgumentException(option + ": expected at least 1, found " + text);
    }
    return size;
  }
}
