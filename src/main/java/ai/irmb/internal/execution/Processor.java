package ai.irmb.internal.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/** What the processor says of itself; only Linux tells without native code of our own. */
public final class Processor {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private Processor() {}

  /** {@return whether it multiplies bfloat16 itself: AVX512-BF16 or AMX} */
  public static boolean hasBf16() {
    Set<String> flags = flags();
    return flags.contains("avx512_bf16") || flags.contains("amx_bf16");
  }

  /** {@return its name, for a person, with the widest vectors it has} */
  public static String describe() {
    Set<String> flags = flags();
    String widest =
        Stream.of("amx_bf16", "avx512_bf16", "avx512f", "avx2", "avx")
            .filter(flags::contains)
            .findFirst()
            .orElse("");
    String name = line("model name");
    return (name.isEmpty() ? System.getProperty("os.arch", "unknown") : name)
        + (widest.isEmpty() ? "" : " (" + widest + ")");
  }

  private static Set<String> flags() {
    return Set.copyOf(Arrays.asList(line("flags").split(" ", -1)));
  }

  private static String line(String key) {
    try (Stream<String> lines = Files.lines(CPUINFO)) {
      return lines
          .filter(l -> l.startsWith(key))
          .findFirst()
          .map(l -> l.substring(l.indexOf(':') + 1).trim())
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
