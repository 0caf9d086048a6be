package ai.irmb.internal.cli;

import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that sets the limits on files from outside. */
final class LimitOptions {
  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L,
          "k", 1_000L,
          "M", 1_000_000L,
          "G", 1_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30);

  @Option(
      names = "--limit",
      paramLabel = "NAME=VALUE",
      description = {
        "Set a limit on files from outside, such as pixels=200M or yaml-bytes=4MiB. Repeatable.",
        "docs/options.md lists the names and defaults."
      })
  private List<String> settings = List.of();

  /**
   * {@return the default limits with those that were set}
   *
   * @throws IllegalArgumentException if a name is unknown or a value is not allowed
   */
  Limits limits() {
    Limits limits = Limits.DEFAULTS;
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 0) {
        throw error("expected NAME=VALUE, found " + setting, null);
      }
      Limit limit = limit(setting.substring(0, equals));
      try {
        limits = limits.with(limit, value(setting.substring(equals + 1)));
      } catch (IllegalArgumentException e) {
        throw error(e.getMessage(), e);
      }
    }
    return limits;
  }

  private static Limit limit(String name) {
    for (Limit limit : Limit.values()) {
      if (limit.optionName().equals(name)) {
        return limit;
      }
    }
    String names =
        Arrays.stream(Limit.values()).map(Limit::optionName).collect(Collectors.joining(", "));
    throw error("there is no limit " + name + "; the limits are " + names, null);
  }

  private static long value(String text) {
    String digits = text.replaceFirst("[A-Za-z]*$", "");
    Long unit = UNITS.get(text.substring(digits.length()));
    try {
      if (unit != null) {
        return Math.multiplyExact(Long.parseLong(digits), unit);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // Reported below, with the text.
    }
    throw new IllegalArgumentException(
        "expected an integer, with k, M, G, KiB, MiB or GiB behind it if it is large, found "
            + text);
  }

  private static IllegalArgumentException error(
      @Nullable String problem, @Nullable Throwable cause) {
    return new IllegalArgumentException("--limit: " + problem, cause);
  }
}
