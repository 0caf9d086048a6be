package ai.irmb.internal.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The arguments of the process. In a locale such as {@code LC_ALL=C} Java replaces the characters
 * outside ASCII; Linux still has them.
 */
final class ProcessArguments {
  private static final char UNKNOWN = '\ufffd';

  private ProcessArguments() {}

  /** {@return the arguments as they were given, if the system says so} */
  static String[] restored(String... arguments) {
    if (Arrays.stream(arguments).noneMatch(a -> a.indexOf(UNKNOWN) >= 0)) {
      return arguments;
    }
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/self/cmdline"));
      String all = new String(bytes, StandardCharsets.UTF_8);
      List<String> split = List.of(all.split("\0", -1));
      // The last one ends with a zero too.
      int end = split.size() - 1;
      int start = end - arguments.length;
      return start > 0 && isSame(split.subList(start, end), arguments)
          ? split.subList(start, end).toArray(String[]::new)
          : arguments;
    } catch (IOException e) {
      return arguments;
    }
  }

  private static boolean isSame(List<String> original, String... decoded) {
    for (int i = 0; i < decoded.length; i++) {
      boolean isReplaced = decoded[i].indexOf(UNKNOWN) >= 0;
      if (!isReplaced && !decoded[i].equals(original.get(i))) {
        return false;
      }
    }
    return true;
  }
}
